// The Pub/Sub emulator of the Go client library: tells its address, and serves until it is ended.
package main

import (
	"fmt"

	"cloud.google.com/go/pubsub/v2/pstest"
)

func main() {
	fmt.Println(pstest.NewServer().Addr)
	select {}
}
