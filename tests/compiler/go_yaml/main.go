// Reads YAML documents as Go programs do and says as JSON what they read.
//
// Each line of standard input is a document as a JSON string. Each line of standard output is the answer:
// "kubernetes" is what sigs.k8s.io/yaml reads (kubectl, Argo, Kubeflow Pipelines; YAML 1.1), "yaml3" what the third
// version of Go's YAML reads (YAML 1.2 for the most part); each with "value" or "error".
package main

import (
	"bufio"
	"encoding/json"
	"errors"
	"io"
	"log"
	"os"

	"sigs.k8s.io/yaml"
	yaml3 "sigs.k8s.io/yaml/goyaml.v3"
)

type reading struct {
	Value json.RawMessage `json:"value,omitempty"`
	Error string          `json:"error,omitempty"`
}

func withKubernetes(document []byte) reading {
	value, err := yaml.YAMLToJSONStrict(document)
	if err != nil {
		return reading{Error: err.Error()}
	}
	return reading{Value: value}
}

func withYaml3(document []byte) reading {
	var content any
	if err := yaml3.Unmarshal(document, &content); err != nil {
		return reading{Error: err.Error()}
	}
	value, err := json.Marshal(content)
	if err != nil {
		return reading{Error: err.Error()}
	}
	return reading{Value: value}
}

func main() {
	input := bufio.NewReader(os.Stdin)
	output := bufio.NewWriter(os.Stdout)
	for {
		line, err := input.ReadBytes('\n')
		if errors.Is(err, io.EOF) {
			return
		}
		if err != nil {
			log.Fatal(err)
		}
		var document string
		if err := json.Unmarshal(line, &document); err != nil {
			log.Fatal(err)
		}
		answer, err := json.Marshal(map[string]reading{
			"kubernetes": withKubernetes([]byte(document)),
			"yaml3":      withYaml3([]byte(document)),
		})
		if err != nil {
			log.Fatal(err)
		}
		output.Write(answer)
		output.WriteByte('\n')
		if err := output.Flush(); err != nil {
			log.Fatal(err)
		}
	}
}
