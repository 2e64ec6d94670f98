"""What a user begins with, made from templates: files as they are, but for the word `scaffolded`."""
