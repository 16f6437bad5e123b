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

/** A script of {@code src/test/node}, run with Node: the clients that players use, unchanged. */
public final class NodeScript implements AutoCloseable {
  private static final File FOLDER = new File("src/test/node");
  private static final Duration WITHIN = Duration.ofSeconds(90);

  private final String name;
  private final Process process;
  private final List<String> output = new CopyOnWriteArrayList<>();
  private final Thread reader;

  private NodeScript(String name, String... words) {
    this.name = name;
    var command = new ArrayList<>(List.of("node", name));
    command.addAll(List.of(words));
    try {
      process = new ProcessBuilder(command).directory(FOLDER).redirectErrorStream(true).start();
    } catch (IOException e) {
      throw new UncheckedIOException("is Node installed?", e);
    }
    reader = Thread.startVirtualThread(this::read);
  }

  /**
   * Starts a script against nodes.
   *
   * @param words their base URLs, and what else it is to know
   */
  public static NodeScript start(String name, String... words) {
    return new NodeScript(name, words);
  }

  private void read() {
    try (BufferedReader lines = process.inputReader()) {
      lines.lines().forEach(output::add);
    } catch (IOException | UncheckedIOException e) {
      output.add("(" + e + ")");
    }
  }

  /** Waits until the script has printed the line. */
  public void awaitLine(String line) {
    Eventually.holds(() -> output.contains(line) || !process.isAlive());
    assertThat(output).as("output of %s", name).contains(line);
  }

  /** Waits for the end; fails with all the script has said unless it went well. */
  public void assertSuccess() {
    try {
      boolean ended = process.waitFor(WITHIN.toMillis(), TimeUnit.MILLISECONDS);
      assertThat(ended).as("%s still runs; it said %s", name, output).isTrue();
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
