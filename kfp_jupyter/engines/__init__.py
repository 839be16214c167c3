"""Where a run happens. One protocol, one implementation a file."""
