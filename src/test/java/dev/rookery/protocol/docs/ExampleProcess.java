package dev.rookery.protocol.docs;

import java.io.IOException;
import java.io.Reader;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/**
 * A shell or Node that runs the examples of one page. Between examples it prints a mark and waits
 * for a line, so that what it prints can be told apart by example.
 */
final class ExampleProcess implements AutoCloseable {
  private static final Duration WITHIN = Duration.ofMinutes(2);
  private static final char MARK = '\u0001';

  private final Process process;
  private final StringBuilder printed = new StringBuilder();
  private final Object change = new Object();
  private int marks;
  private boolean ended;

  private ExampleProcess(Path folder, Map<String, String> environment, List<String> command)
      throws IOException {
    var builder = new ProcessBuilder(command).directory(folder.toFile()).redirectErrorStream(true);
    builder.environment().putAll(environment);
    this.process = builder.start();
    Thread.startVirtualThread(this::read);
  }

  /** Bash, which ends at the first command that fails. */
  static ExampleProcess shell(Path folder) throws IOException {
    var shell = new ExampleProcess(folder, Map.of(), List.of("bash", "--noprofile", "--norc"));
    shell.write("set -Eeuo pipefail");
    shell.write("trap 'echo \"${BASH_SOURCE##*/}: line $LINENO: status $?: $BASH_COMMAND\"' ERR");
    return shell;
  }

  /**
   * Node with one program, which waits at the beginning of each example; see {@code
   * docs-example.mjs}.
   */
  static ExampleProcess node(Path folder, Path program) throws IOException {
    Path preload = Path.of("src/test/node/docs-example.mjs").toAbsolutePath();
    var node =
        new ExampleProcess(
            folder,
            Map.of(),
            List.of("node", "--import", preload.toUri().toString(), program.toString()));
    node.awaitMark(1);
    return node;
  }

  /** Runs a file in the shell and answers what it printed. */
  String source(Path file) {
    return step(". '" + file + "' < /dev/null; printf '\\001'");
  }

  /** Lets the program go on to the next example and answers what it printed meanwhile. */
  String proceed() {
    return step("");
  }

  private String step(String line) {
    int next;
    synchronized (change) {
      printed.setLength(0);
      next = marks + 1;
    }
    write(line);
    return awaitMark(next);
  }

  private void write(String line) {
    try {
      process.getOutputStream().write((line + "\n").getBytes(StandardCharsets.UTF_8));
      process.getOutputStream().flush();
    } catch (IOException gone) {
      throw new AssertionError("ended before its next example:\n" + output(), gone);
    }
  }

  private String awaitMark(int count) {
    return await(_ -> marks >= count);
  }

  /** Waits for what arrives later. Answers what was printed, also if that is not it. */
  String awaitOutput(Predicate<String> complete) {
    try {
      return await(complete);
    } catch (AssertionError _) {
      return output();
    }
  }

  private String await(Predicate<String> complete) {
    long deadline = System.nanoTime() + WITHIN.toNanos();
    synchronized (change) {
      while (!complete.test(printed.toString())) {
        long left = (deadline - System.nanoTime()) / 1_000_000;
        if (ended || left <= 0) {
          throw new AssertionError((ended ? "failed" : "took too long") + ":\n" + printed);
        }
        try {
          change.wait(left);
        } catch (InterruptedException interrupted) {
          Thread.currentThread().interrupt();
          throw new AssertionError(interrupted);
        }
      }
      return printed.toString();
    }
  }

  private String output() {
    synchronized (change) {
      return printed.toString();
    }
  }

  private void read() {
    try (Reader reader = process.inputReader(StandardCharsets.UTF_8)) {
      for (int c = reader.read(); c >= 0; c = reader.read()) {
        synchronized (change) {
          if (c == MARK) {
            marks++;
          } else {
            printed.append((char) c);
          }
          change.notifyAll();
        }
      }
    } catch (IOException closed) {
      synchronized (change) {
        printed.append('(').append(closed).append(')');
      }
    }
    synchronized (change) {
      ended = true;
      change.notifyAll();
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }

  /** Writes a file of the folder. */
  static Path file(Path folder, String name, String text) {
    try {
      return Files.writeString(folder.resolve(name), text);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
