package dev.rookery.testkit;

import dev.rookery.Main;
import dev.rookery.node.FatalErrorHandlers;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.LoggerFactory;

/**
 * A program that runs out of memory, or says so, in a way of its own. Each way swallows the error,
 * as libraries do.
 */
public final class FaultyProcess {
  private static final int CHUNK = 1 << 20;

  private FaultyProcess() {}

  /** What happens after the start of the process. */
  public enum Fault {
    /** The heap of a node is filled. */
    FULL_HEAP,
    /** A task of an event loop runs out of direct memory. */
    EVENT_LOOP,
    /** A virtual thread does. */
    VIRTUAL_THREAD,
    /** A library logs the error at a level that is switched off. */
    LOGGED
  }

  public static void main(String[] args) throws Exception {
    switch (Fault.valueOf(args[0])) {
      case FULL_HEAP -> {
        Main.main(new String[0]);
        awaitReady();
        fillHeap();
      }
      case EVENT_LOOP -> {
        FatalErrorHandlers.install();
        Vertx.vertx().runOnContext(_ -> throwOutOfMemory());
      }
      case VIRTUAL_THREAD -> {
        FatalErrorHandlers.install();
        Thread.startVirtualThread(FaultyProcess::throwOutOfMemory);
      }
      case LOGGED -> {
        FatalErrorHandlers.install();
        LoggerFactory.getLogger("io.netty.any")
            .trace("a pipeline swallowed {}", "this", new IOException(outOfMemory()));
      }
    }
    System.out.println("still here");
    Thread.currentThread().join();
  }

  private static OutOfMemoryError outOfMemory() {
    return new OutOfMemoryError("Cannot reserve direct buffer memory");
  }

  private static void throwOutOfMemory() {
    throw outOfMemory();
  }

  private static void fillHeap() {
    List<byte[]> chunks = new ArrayList<>();
    while (true) {
      try {
        chunks.add(new byte[CHUNK]);
      } catch (OutOfMemoryError _) {
        System.out.println("swallowed");
      }
    }
  }

  private static void awaitReady() throws InterruptedException {
    var ready = URI.create("http://127.0.0.1:" + System.getenv("PORT") + "/health/ready");
    try (var client = HttpClient.newHttpClient()) {
      Eventually.holds(
          () -> {
            try {
              return client
                      .send(HttpRequest.newBuilder(ready).build(), BodyHandlers.discarding())
                      .statusCode()
                  == 200;
            } catch (IOException | InterruptedException _) {
              return false;
            }
          });
    }
  }
}
