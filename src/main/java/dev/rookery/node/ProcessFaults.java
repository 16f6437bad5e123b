package dev.rookery.node;

import dev.rookery.base.ProcessExit;
import dev.rookery.console.NodeFaults;
import dev.rookery.store.Store;
import java.io.IOException;
import java.lang.ProcessBuilder.Redirect;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Faults of this process and of its store. A pause is a SIGSTOP that a shell sends, which sends
 * SIGCONT later: no thread of this process could do that.
 */
final class ProcessFaults implements NodeFaults {
  private static final Logger LOG = LoggerFactory.getLogger(ProcessFaults.class);
  private static final Path SHELL = Path.of("/bin/sh");
  private static final int STATUS = 137;

  private final Store store;

  ProcessFaults(Store store) {
    this.store = store;
  }

  /** The first process of a container gets no SIGSTOP from inside of it. */
  @Override
  public boolean canPause() {
    return ProcessHandle.current().pid() != 1 && Files.isExecutable(SHELL);
  }

  @Override
  public void stop() {
    LOG.warn("a drill ends this process");
    ProcessExit.atOnce(STATUS);
  }

  @Override
  public void pause(Duration time) {
    LOG.warn("a drill pauses this process for {}", time);
    long pid = ProcessHandle.current().pid();
    try {
      Process shell =
          new ProcessBuilder(
                  SHELL.toString(),
                  "-c",
                  "kill -STOP %d; sleep %d; kill -CONT %d".formatted(pid, time.toSeconds(), pid))
              .redirectOutput(Redirect.DISCARD)
              .redirectError(Redirect.DISCARD)
              .start();
      LOG.debug("process {} continues this one", shell.pid());
    } catch (IOException failure) {
      throw new IllegalStateException("the process was not paused: " + failure, failure);
    }
  }

  @Override
  public boolean canCut() {
    return store.canCutOff();
  }

  @Override
  public void cut(Duration time) {
    LOG.warn("a drill cuts this node off its database for {}", time);
    store.cutOff(time);
  }
}
