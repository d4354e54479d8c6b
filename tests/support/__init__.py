"""What several test modules share: servers, miniature models, random pictures, titles."""
