"""Every call to AWS that the hooks make, one module a service; nothing else here imports boto3."""
