package dev.rookery.loadtest;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** The baseline server in its own process, which ends with this one. */
final class BaselineProcess implements AutoCloseable {
  private final Process process;
  private final int port;

  private BaselineProcess(Process process, int port) {
    this.process = process;
    this.port = port;
  }

  /**
   * @param command the command before the class name, such as {@code java -Xmx1g -cp rookery.jar}
   */
  static BaselineProcess start(List<String> command) throws IOException {
    var fullCommand = new ArrayList<>(command);
    fullCommand.add(BaselineServer.class.getName());
    Process process =
        new ProcessBuilder(fullCommand).redirectError(ProcessBuilder.Redirect.INHERIT).start();
    var output =
        new BufferedReader(
            new InputStreamReader(process.getInputStream(), StandardCharsets.US_ASCII));
    String port = output.readLine();
    if (port == null) {
      process.destroyForcibly();
      throw new IOException("the baseline server did not start: " + String.join(" ", fullCommand));
    }
    return new BaselineProcess(process, Integer.parseInt(port.strip()));
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + port);
  }

  long pid() {
    return process.pid();
  }

  @Override
  public void close() {
    process.destroy();
    try {
      if (!process.waitFor(5, TimeUnit.SECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException _) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
  }
}
