"""What is measured: each module runs in its contender's environment, in a process for one measurement."""
