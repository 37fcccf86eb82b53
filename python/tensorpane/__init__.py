"""Serves Tensorpane, the page that opens TensorFlow event files, with the logs of some folders beside it."""
