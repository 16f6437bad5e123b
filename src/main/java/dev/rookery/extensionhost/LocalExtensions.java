package dev.rookery.extensionhost;

import io.vertx.core.Vertx;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;

/** Runs the extensions of the folder on this node. */
public final class LocalExtensions implements ExtensionFolder.Listener, AutoCloseable {
  private final ExtensionHost host;
  private final ExtensionFolder folder;
  private final Map<String, ExtensionJar> jars = new HashMap<>();

  public LocalExtensions(Vertx vertx, ExtensionHost host, Path folder, int jarBytesMax) {
    this.host = host;
    this.folder = new ExtensionFolder(vertx, folder, jarBytesMax, this);
  }

  /** Starts the extensions that are there, and follows the folder from then on. Blocks. */
  public void start() {
    folder.start();
  }

  @Override
  public void onJar(ExtensionJar jar, byte[] bytes) {
    jars.put(jar.name(), jar);
    start(jar);
  }

  private void start(ExtensionJar jar) {
    try {
      host.activate(host.prepare(jar, folder.config(jar.name())));
    } catch (ExtensionException _) {
      // The host lists the reason.
    }
  }

  @Override
  public void onUnusable(String name, String digest, ExtensionException failure) {
    host.reportFailure(name, "", digest, failure);
  }

  @Override
  public void onRemoved(String name) {
    jars.remove(name);
    host.remove(name);
  }

  @Override
  public void onConfigChanged(String name) {
    ExtensionJar jar = jars.get(name);
    if (jar != null) {
      start(jar);
    }
  }

  @Override
  public void close() {
    folder.close();
  }
}
