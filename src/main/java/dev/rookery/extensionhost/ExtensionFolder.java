package dev.rookery.extensionhost;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.dataformat.yaml.YAMLMapper;
import dev.rookery.base.FatalErrors;
import dev.rookery.base.FileStamp;
import io.vertx.core.Vertx;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Watches the folder of extensions: jars, and beside each its configuration as {@code <name>.yaml}.
 * It need not exist.
 *
 * <p>The folder is listed every {@value #INTERVAL_MS} ms, because notifications of the file system
 * do not reach mounted folders. A file counts as changed when two listings in a row agree on it, so
 * that one is not read while it is being copied.
 */
public final class ExtensionFolder implements AutoCloseable {
  private static final Logger LOG = LoggerFactory.getLogger(ExtensionFolder.class);
  private static final long INTERVAL_MS = 100;
  private static final int CONFIG_BYTES_MAX = 1 << 20;
  private static final String JAR = ".jar";
  private static final String CONFIG = ".yaml";

  /** Hears of changes, one at a time, in the order of the names; may block. */
  public interface Listener {
    /** A jar is new or has changed. */
    void onJar(ExtensionJar jar, byte[] bytes);

    /** A file is there that is no usable jar. */
    void onUnusable(String name, String digest, ExtensionException failure);

    /** The jar of an extension is gone. */
    void onRemoved(String name);

    /** The configuration of an extension has changed. */
    void onConfigChanged(String name);
  }

  private final Vertx vertx;
  private final Path folder;
  private final int jarBytesMax;
  private final Listener listener;
  private final ReentrantLock scanning = new ReentrantLock();
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private final Map<String, FileStamp> seen = new HashMap<>();
  private final Map<String, Handled> handled = new TreeMap<>();
  private long timer;
  private volatile boolean closed;

  /**
   * A file that the listener has heard of.
   *
   * @param extension null if the file is not usable
   */
  private record Handled(FileStamp stamp, @Nullable String extension) {}

  public ExtensionFolder(Vertx vertx, Path folder, int jarBytesMax, Listener listener) {
    this.vertx = vertx;
    this.folder = folder;
    this.jarBytesMax = jarBytesMax;
    this.listener = listener;
  }

  /** Handles what is there, and watches from then on. Blocks until the listener has returned. */
  public void start() {
    // Whatever is there has not changed for as long as the server has been starting.
    seen.putAll(list());
    scan();
    timer = vertx.setPeriodic(INTERVAL_MS, _ -> scanLater());
  }

  private void scanLater() {
    if (scheduled.compareAndSet(false, true)) {
      Thread.ofVirtual().name("extensions folder").start(this::scanOnce);
    }
  }

  private void scanOnce() {
    try {
      scan();
    } catch (RuntimeException | Error failure) {
      FatalErrors.endIfFatal(failure);
      LOG.error("the folder of extensions cannot be read", failure);
    } finally {
      scheduled.set(false);
    }
  }

  private void scan() {
    scanning.lock();
    try {
      if (closed) {
        return;
      }
      Map<String, FileStamp> now = list();
      var gone = new ArrayList<String>();
      for (var file : handled.entrySet()) {
        // Missing twice: some tools replace a file by deleting it first.
        if (!now.containsKey(file.getKey()) && !seen.containsKey(file.getKey())) {
          gone.add(file.getKey());
        }
      }
      gone.forEach(this::onGone);
      now.forEach(
          (file, stamp) -> {
            Handled before = handled.get(file);
            boolean changed = before == null || !before.stamp().equals(stamp);
            if (changed && stamp.equals(seen.get(file))) {
              onChanged(file, stamp);
            }
          });
      seen.clear();
      seen.putAll(now);
    } finally {
      scanning.unlock();
    }
  }

  private Map<String, FileStamp> list() {
    try {
      return FileStamp.list(folder, name -> name.endsWith(JAR) || name.endsWith(CONFIG));
    } catch (IOException unreadable) {
      LOG.warn("the folder of extensions cannot be listed: {}", unreadable.toString());
      // What is there goes on.
      return new TreeMap<>(seen);
    }
  }

  private void onGone(String file) {
    Handled before = handled.remove(file);
    if (before == null || before.extension() == null) {
      return;
    }
    if (file.endsWith(JAR)) {
      listener.onRemoved(before.extension());
    } else {
      listener.onConfigChanged(before.extension());
    }
  }

  private void onChanged(String file, FileStamp stamp) {
    boolean first = !handled.containsKey(file);
    if (file.endsWith(CONFIG)) {
      String name = file.substring(0, file.length() - CONFIG.length());
      handled.put(file, new Handled(stamp, name));
      // One that is there from the beginning is read with the jar.
      if (!first || timer != 0) {
        listener.onConfigChanged(name);
      }
      return;
    }
    String defaultName = file.substring(0, file.length() - JAR.length());
    byte[] bytes;
    try {
      if (stamp.bytes() > jarBytesMax) {
        throw new ExtensionException(
            "the jar has " + stamp.bytes() + " bytes, more than " + jarBytesMax);
      }
      bytes = Files.readAllBytes(folder.resolve(file));
    } catch (IOException unreadable) {
      LOG.warn("{} cannot be read: {}", file, unreadable.toString());
      return;
    } catch (ExtensionException tooLarge) {
      handled.put(file, new Handled(stamp, null));
      listener.onUnusable(defaultName, "", tooLarge);
      return;
    }
    try {
      ExtensionJar jar = ExtensionJar.read(defaultName, bytes);
      String other = otherFileOf(jar.name(), file);
      if (other != null) {
        throw new ExtensionException(
            file + " and " + other + " are both named " + jar.name() + "; remove one of them");
      }
      handled.put(file, new Handled(stamp, jar.name()));
      listener.onJar(jar, bytes);
    } catch (ExtensionException unusable) {
      Handled before = handled.get(file);
      String name = before == null ? null : before.extension();
      handled.put(file, new Handled(stamp, name));
      listener.onUnusable(name == null ? defaultName : name, ExtensionJar.digest(bytes), unusable);
    }
  }

  private @Nullable String otherFileOf(String extension, String file) {
    for (var each : handled.entrySet()) {
      if (extension.equals(each.getValue().extension())
          && each.getKey().endsWith(JAR)
          && !each.getKey().equals(file)) {
        return each.getKey();
      }
    }
    return null;
  }

  /** Names of the extensions whose jars are in the folder. */
  public List<String> extensions() {
    scanning.lock();
    try {
      return handled.entrySet().stream()
          .filter(file -> file.getKey().endsWith(JAR))
          .<String>mapMulti(
              (file, next) -> {
                String name = file.getValue().extension();
                if (name != null) {
                  next.accept(name);
                }
              })
          .toList();
    } finally {
      scanning.unlock();
    }
  }

  /**
   * Reads the configuration of an extension; empty if it has none.
   *
   * @throws ExtensionException if it is not a YAML object
   */
  public JsonObject config(String extension) throws ExtensionException {
    Path file = folder.resolve(extension + CONFIG);
    try {
      if (Files.size(file) > CONFIG_BYTES_MAX) {
        throw new ExtensionException(file.getFileName() + " has more than 1 MiB");
      }
      Map<String, Object> values =
          new YAMLMapper().readerForMapOf(Object.class).readValue(Files.readAllBytes(file));
      return values == null ? new JsonObject() : new JsonObject(values);
    } catch (NoSuchFileException _) {
      return new JsonObject();
    } catch (JsonProcessingException wrong) {
      // Its message may quote a secret.
      var location = wrong.getLocation();
      throw new ExtensionException(
          file.getFileName()
              + " is not a YAML object"
              + (location == null ? "" : ": see line " + location.getLineNr()));
    } catch (IOException unreadable) {
      throw new ExtensionException(
          file.getFileName() + " cannot be read: " + unreadable, unreadable);
    }
  }

  @Override
  public void close() {
    closed = true;
    vertx.cancelTimer(timer);
  }
}
