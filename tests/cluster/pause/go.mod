module kfp-jupyter/pause

go 1.24
