"""Images as programs: what a container holds, run as a process that ends with the cloud."""
