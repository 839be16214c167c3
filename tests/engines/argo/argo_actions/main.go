// Says what Argo Workflows makes of a workflow that is retried or resubmitted.
//
// Each line of standard input is {"action": "retry" | "resubmit", "workflow": …}. Each line of standard
// output is a list of answers, {"workflow": …, "pods": […]} or {"error": "…"}: where a step follows several others
// Argo takes one of them by chance, so it is asked some times and each different answer is given once.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"os"
	"sort"

	wfv1 "github.com/argoproj/argo-workflows/v3/pkg/apis/workflow/v1alpha1"
	"github.com/argoproj/argo-workflows/v3/workflow/util"
	log "github.com/sirupsen/logrus"
)

const times = 24

type question struct {
	Action   string          `json:"action"`
	Workflow json.RawMessage `json:"workflow"`
}

type answer struct {
	Workflow *wfv1.Workflow `json:"workflow,omitempty"`
	Pods     []string       `json:"pods,omitempty"`
	Error    string         `json:"error,omitempty"`
}

func main() {
	// Where its nodes don't hang together it logs them and panics.
	log.SetOutput(io.Discard)
	reader := bufio.NewReader(os.Stdin)
	writer := json.NewEncoder(os.Stdout)
	for {
		line, err := reader.ReadBytes('\n')
		if err == io.EOF {
			return
		}
		asked := question{}
		if err == nil {
			err = json.Unmarshal(line, &asked)
		}
		if err == nil {
			err = writer.Encode(answers(asked))
		}
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(1)
		}
	}
}

// answers returns each different answer to a question.
func answers(asked question) []answer {
	found := []answer{}
	seen := map[string]bool{}
	for i := 0; i < times; i++ {
		given := ask(asked)
		key := fingerprint(given)
		if !seen[key] {
			seen[key] = true
			found = append(found, given)
		}
	}
	return found
}

func ask(asked question) (given answer) {
	defer func() {
		if problem := recover(); problem != nil {
			given = answer{Error: fmt.Sprint("panic: ", problem)}
		}
	}()
	workflow := wfv1.Workflow{}
	err := json.Unmarshal(asked.Workflow, &workflow)
	if err != nil {
		return answer{Error: err.Error()}
	}
	ctx := context.Background()
	if asked.Action == "retry" {
		given.Workflow, given.Pods, err = util.FormulateRetryWorkflow(ctx, &workflow, false, "", nil)
	} else {
		given.Workflow, err = util.FormulateResubmitWorkflow(ctx, &workflow, false, nil)
	}
	if err != nil {
		return answer{Error: err.Error()}
	}
	sort.Strings(given.Pods)
	return given
}

// fingerprint tells answers apart by what is done to nodes and pods; times of day differ from one to the next.
func fingerprint(given answer) string {
	parts := map[string]any{"pods": given.Pods, "error": given.Error}
	if given.Workflow != nil {
		for id, node := range given.Workflow.Status.Nodes {
			parts[id] = []any{node.Phase, node.Children, node.OutboundNodes}
		}
	}
	text, _ := json.Marshal(parts)
	return string(text)
}
