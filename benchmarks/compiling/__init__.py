"""What compiling costs, beside kfp 1.8, kfp 2 and Hera: ``python -m benchmarks.compiling``."""
