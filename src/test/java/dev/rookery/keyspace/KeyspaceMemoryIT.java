package dev.rookery.keyspace;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Compares the account of memory with the heap, in a JVM that does nothing else. */
final class KeyspaceMemoryIT {
  /** Prints the account and how much the heap has grown. */
  static final class Filler {
    private Filler() {}

    public static void main(String[] arguments) {
      var keyspace = new Keyspace(KeyspaceLimits.DEFAULT, new Random(7), _ -> {});
      var call = new TestCall(1_800_000_000_000_000L);
      long before = usedHeap();
      for (int i = 0; i < 60_000; i++) {
        for (String command :
            new String[] {
              "SET string" + i + " value" + i,
              "HSET hash" + i % 500 + " field" + i + " value" + i,
              "ZADD sorted" + i % 50 + " " + i + " member" + i,
              "SADD set" + i % 5000 + " member" + i,
              "RPUSH list" + i % 3000 + " item" + i,
              "SET expiring" + i % 20_000 + " v EX 100",
              "XADD stream" + i % 10 + " " + (i + 1) + " field value" + i
            }) {
          keyspace.execute(KeyspaceContent.command(command.split(" ", -1)), call);
        }
      }
      long grown = usedHeap() - before;
      System.out.println(keyspace.memory() + " " + grown);
    }

    private static long usedHeap() {
      for (int i = 0; i < 3; i++) {
        System.gc();
      }
      Runtime runtime = Runtime.getRuntime();
      return runtime.totalMemory() - runtime.freeMemory();
    }
  }

  @Test
  void accountsForAtLeastWhatTheHeapHolds() throws Exception {
    Process process =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:+UseSerialGC",
                "-XX:+UseCompactObjectHeaders",
                "-XX:TieredStopAtLevel=1",
                "-cp",
                System.getProperty("java.class.path"),
                Filler.class.getName())
            .redirectErrorStream(true)
            .start();
    String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertThat(process.waitFor(1, TimeUnit.MINUTES)).isTrue();
    assertThat(process.exitValue()).as(output).isZero();
    String[] sizes = output.strip().split(" ", -1);
    long heap = Long.parseLong(sizes[1]);
    assertThat(Long.parseLong(sizes[0])).isBetween(heap * 9 / 10, heap * 2);
  }
}
