module go_yaml

go 1.18

// The version that Argo Workflows 3.7 reads manifests with.
require sigs.k8s.io/yaml v1.4.0
