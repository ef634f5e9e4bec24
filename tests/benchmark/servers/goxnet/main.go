// Serves a directory by golang.org/x/net/webdav as it comes: files on disk, locks in memory.
package main

import (
	"log"
	"net/http"
	"os"

	"golang.org/x/net/webdav"
)

func main() {
	if len(os.Args) != 3 {
		log.Fatal("usage: goxnet ADDRESS DIRECTORY")
	}

	log.Fatal(http.ListenAndServe(os.Args[1], &webdav.Handler{
		FileSystem: webdav.Dir(os.Args[2]),
		LockSystem: webdav.NewMemLS(),
	}))
}
