package dev.rookery.testkit;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.BufferedReader;
import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs a script of {@code src/test/node} with Node.js, which uses the same client libraries as
 * players.
 */
public final class NodeScript implements AutoCloseable {
  private static final File FOLDER = new File("src/test/node");
  private static final Duration WITHIN = Duration.ofMinutes(5);

  private final String name;
  private final Process process;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private NodeScript(String name, String... arguments) {
    this.name = name;
    var command = new ArrayList<>(List.of("node", name));
    command.addAll(List.of(arguments));
    try {
      process = new ProcessBuilder(command).directory(FOLDER).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException("Could not run node; is Node.js installed?", e);
    }
    reader = Thread.startVirtualThread(this::read);
  }

  /**
   * Starts a script.
   *
   * @param arguments the base URLs of the nodes, and further arguments
   */
  public static NodeScript start(String name, String... arguments) {
    return new NodeScript(name, arguments);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(output::add);
    } catch (IOException | UncheckedIOException e) {
      output.add("(" + e + ")");
    }
  }

  /** Waits until the script prints the line; fails if it ends without. */
  public void awaitLine(String line) {
    Eventually.holds(() -> output.contains(line) || !process.isAlive());
    assertThat(output).as("output of %s", name).contains(line);
  }

  /** Waits for what the script brings about; fails with its output if it ends without. */
  public void await(BooleanSupplier condition) {
    var deadline = Eventually.Deadline.in(WITHIN);
    while (!condition.getAsBoolean()) {
      assertThat(process.isAlive()).as("%s ended; its output: %s", name, output).isTrue();
      deadline.check();
      Eventually.pause();
    }
  }

  /** Waits for the end; fails with the script's output unless it succeeds. */
  public void assertSuccess() {
    assertSuccess(WITHIN);
  }

  /** As {@link #assertSuccess()}, for a script that takes long. */
  public void assertSuccess(Duration within) {
    try {
      boolean ended = process.waitFor(within.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(ended).as("%s is still running; its output: %s", name, output).isTrue();
      reader.join();
      assertThat(process.exitValue())
          .as("%s:%n%s", name, String.join(System.lineSeparator(), output))
          .isZero();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new AssertionError(e);
    }
  }

  @Override
  public void close() {
    process.descendants().forEach(ProcessHandle::destroyForcibly);
    process.destroyForcibly();
  }
}
