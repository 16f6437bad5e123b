package dev.rookery.script;

import dev.rookery.base.FatalErrors;
import dev.rookery.base.FileStamp;
import io.vertx.core.Vertx;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.regex.Pattern;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the folder of scripts. It need not exist.
 *
 * <p>The folder is listed every {@value #INTERVAL_MS} ms, because notifications of the file system
 * do not reach mounted folders. A file counts as changed when two listings in a row agree on it, so
 * that one is not read while it is being written.
 */
final class ScriptFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptFolder.class);
  private static final long INTERVAL_MS = 200;
  private static final String SUFFIX = ".lua";

  /** Names of scripts, in the folder and elsewhere. */
  static final Pattern NAME = Pattern.compile("[A-Za-z0-9_][A-Za-z0-9_.-]{0,63}");

  private final Vertx vertx;
  private final Path folder;
  private final ScriptDeployments deployments;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final ReentrantLock scanning = new ReentrantLock();
  // Used by one scan at a time.
  private Map<String, FileStamp> seen = new HashMap<>();
  private final Map<String, FileStamp> handled = new HashMap<>();
  private boolean started;
  private long timer;
  private volatile boolean closed;

  ScriptFolder(Vertx vertx, Path folder, ScriptDeployments deployments) {
    this.vertx = vertx;
    this.folder = folder;
    this.deployments = deployments;
  }

  /** Takes what is there, and watches from then on. */
  void start() {
    scanLater();
    timer = vertx.setPeriodic(INTERVAL_MS, _ -> scanLater());
  }

  private void scanLater() {
    if (scheduled.compareAndSet(false, true)) {
      Thread.ofVirtual().name("scripts folder").start(this::scanOnce);
    }
  }

  private void scanOnce() {
    scanning.lock();
    try {
      if (!closed) {
        scan();
      }
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.warn("the folder of scripts cannot be followed: {}", failure.toString());
    } finally {
      scanning.unlock();
      scheduled.set(false);
    }
  }

  private void scan() {
    Map<String, FileStamp> now = list();
    if (!started) {
      // What is there has not changed for as long as the server has been starting.
      seen = now;
      removeFormer(now);
    }
    for (String name : List.copyOf(handled.keySet())) {
      // Missing twice: some editors replace a file by deleting it first.
      if (!now.containsKey(name) && !seen.containsKey(name)) {
        deployments.onFileRemoved(name);
        handled.remove(name);
      }
    }
    now.forEach(
        (name, stamp) -> {
          if (!stamp.equals(handled.get(name)) && stamp.equals(seen.get(name))) {
            take(name, stamp);
          }
        });
    seen = now;
    started = true;
  }

  /** Removes what was deleted while this node was not running. */
  private void removeFormer(Map<String, FileStamp> present) {
    if (Files.isDirectory(folder)) {
      for (String name : new ArrayList<>(deployments.ofFolder())) {
        if (!present.containsKey(name)) {
          deployments.onFileRemoved(name);
        }
      }
    }
  }

  private void take(String name, FileStamp stamp) {
    byte[] content;
    try {
      Path file = folder.resolve(name + SUFFIX);
      content =
          stamp.bytes() > ScriptCommand.SOURCE_BYTES_MAX
              ? new byte[ScriptCommand.SOURCE_BYTES_MAX + 1]
              : Files.readAllBytes(file);
    } catch (IOException unreadable) {
      LOG.warn("{}{} cannot be read: {}", name, SUFFIX, unreadable.toString());
      return;
    }
    if (deployments.onFile(name, content, !started)) {
      handled.put(name, stamp);
    }
  }

  /** By the names of the scripts. */
  private Map<String, FileStamp> list() {
    var scripts = new TreeMap<String, FileStamp>();
    try {
      FileStamp.list(folder, file -> file.endsWith(SUFFIX) && NAME.matcher(name(file)).matches())
          .forEach((file, stamp) -> scripts.put(name(file), stamp));
    } catch (IOException unreadable) {
      LOG.warn("the folder of scripts cannot be listed: {}", unreadable.toString());
      // What is there goes on.
      return new TreeMap<>(seen);
    }
    return scripts;
  }

  private static String name(String file) {
    return file.substring(0, file.length() - SUFFIX.length());
  }

  /** Waits for the scan that is under way. */
  @Override
  public void close() {
    vertx.cancelTimer(timer);
    scanning.lock();
    try {
      closed = true;
    } finally {
      scanning.unlock();
    }
  }
}
