"""What several test modules share: servers, miniature models, titles."""
