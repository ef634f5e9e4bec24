// Go's net/http: copy SECONDS SOURCE DESTINATION copies, as often as it takes if a try lasts longer than SECONDS (0: no limit), and
// prints the status. The same request again joins the copy that is at work.
package main

import (
	"errors"
	"fmt"
	"net"
	"net/http"
	"os"
	"time"
)

func main() {
	limit, err := time.ParseDuration(os.Args[1] + "s")
	if err != nil {
		panic(err)
	}

	client := http.Client{Timeout: limit}
	for {
		request, err := http.NewRequest("COPY", os.Args[2], nil)
		if err != nil {
			panic(err)
		}

		request.Header.Set("Destination", os.Args[3])
		answer, err := client.Do(request)
		var late net.Error
		if errors.As(err, &late) && late.Timeout() {
			fmt.Println("again:", err)
			continue
		}

		if err != nil {
			fmt.Println(err)
			os.Exit(1)
		}

		answer.Body.Close()
		fmt.Println(answer.StatusCode)
		return
	}
}
