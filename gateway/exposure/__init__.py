"""What stands between strangers and the service: keys, rates, content types, headers, origins, the operator's port.
`layers.py` puts it around the app.
"""
