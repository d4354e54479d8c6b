"""What a person sees who opens the service's own address in a browser: nothing of it is loaded from elsewhere."""

FRONT_PAGE = """\
<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>AI Player</title>
</head>
<body>
<h1>AI Player</h1>
<p>This address answers programs. <a href="docs.json">/docs.json</a> says what they may ask.</p>
<p>The page for people has an address of its own, which <code>make up</code> prints:
http://localhost:8501, or another port where UI_PORT is set.</p>
<p lang="ko">이 주소는 프로그램이 쓰는 곳이에요. 사람이 쓰는 페이지의 주소는 <code>make up</code>이 알려 줘요.</p>
</body>
</html>
"""
