package dev.rookery.loadrun;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The process that makes the load of a run. It ends with its standard input, so it does not outlive
 * the node, whatever happens to that. It is given no environment, which may hold secrets.
 */
final class GeneratorProcess implements AutoCloseable {
  /** Stands for the end of what the process prints. */
  static final String END = "";

  private static final int LINES_MAX = 1_000;
  private static final Duration END_WITHIN = Duration.ofSeconds(3);

  private final Process process;
  private final OutputStream input;
  private final BlockingQueue<String> lines = new LinkedBlockingQueue<>(LINES_MAX);

  private GeneratorProcess(Process process) {
    this.process = process;
    this.input = process.getOutputStream();
  }

  static GeneratorProcess start(List<String> command) throws IOException {
    var builder = new ProcessBuilder(command).redirectErrorStream(true);
    builder.environment().clear();
    var started = new GeneratorProcess(builder.start());
    Thread.ofPlatform().name("load test output").daemon().start(started::read);
    return started;
  }

  private void read() {
    try (BufferedReader reader = process.inputReader(StandardCharsets.UTF_8)) {
      String line = reader.readLine();
      while (line != null) {
        if (!line.isEmpty()) {
          lines.put(line);
        }
        line = reader.readLine();
      }
    } catch (IOException _) {
      // The process has ended.
    } catch (InterruptedException _) {
      Thread.currentThread().interrupt();
    } finally {
      // The reader of the lines is told in any case; a full queue has one who reads.
      if (!lines.offer(END)) {
        process.destroyForcibly();
      }
    }
  }

  /** The next line, {@link #END} after the last one, or null if there is none in this time. */
  @Nullable String next(Duration within) throws InterruptedException {
    return lines.poll(within.toMillis(), TimeUnit.MILLISECONDS);
  }

  /** Ends the process, which prints its last line before; waits a moment for it. */
  void end() {
    try {
      input.close();
      if (!process.waitFor(END_WITHIN.toMillis(), TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (IOException _) {
      process.destroyForcibly();
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void close() {
    end();
  }
}
