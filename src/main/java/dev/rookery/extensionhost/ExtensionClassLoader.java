package dev.rookery.extensionhost;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.Collections;
import java.util.Enumeration;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Loads the classes of one version of an extension. Of the server it shows the API of extensions
 * and the libraries that appear in it; everything else comes from the jar or the JDK, so an
 * extension may bring any version of any other library.
 */
final class ExtensionClassLoader extends ClassLoader {
  /** What extensions share with the server. Nothing of the server itself but its API. */
  private static final List<String> SHARED =
      List.of(
          "dev.rookery.extension.",
          "io.vertx.",
          "io.netty.",
          "io.micrometer.",
          "com.fasterxml.jackson.",
          "org.slf4j.",
          "org.jspecify.");

  private static final ClassLoader SERVER = ExtensionClassLoader.class.getClassLoader();

  static {
    registerAsParallelCapable();
  }

  private final Map<String, byte[]> entries;

  ExtensionClassLoader(ExtensionJar jar) {
    super("extension " + jar.name(), ClassLoader.getPlatformClassLoader());
    this.entries = jar.entries();
  }

  @Override
  protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
    if (isShared(name)) {
      return SERVER.loadClass(name);
    }
    synchronized (getClassLoadingLock(name)) {
      Class<?> loaded = findLoadedClass(name);
      if (loaded == null && !name.startsWith("java.") && entries.containsKey(path(name))) {
        loaded = findClass(name);
      }
      return loaded == null ? super.loadClass(name, resolve) : loaded;
    }
  }

  private static boolean isShared(String name) {
    for (String prefix : SHARED) {
      if (name.startsWith(prefix)) {
        return true;
      }
    }
    return false;
  }

  @Override
  protected Class<?> findClass(String name) throws ClassNotFoundException {
    byte[] bytes = entries.get(path(name));
    if (bytes == null) {
      throw new ClassNotFoundException(name);
    }
    byte[] code = ExitCalls.replaced(bytes, this);
    return defineClass(name, code, 0, code.length);
  }

  private static String path(String className) {
    return className.replace('.', '/') + ".class";
  }

  @Override
  protected @Nullable URL findResource(String path) {
    byte[] content = entries.get(path);
    if (content == null) {
      return null;
    }
    try {
      return URL.of(new URI("extension", null, "/" + path, null), new MemoryHandler(content));
    } catch (MalformedURLException | URISyntaxException _) {
      return null;
    }
  }

  @Override
  protected Enumeration<URL> findResources(String path) {
    URL found = findResource(path);
    return found == null ? Collections.emptyEnumeration() : Collections.enumeration(List.of(found));
  }

  /** Opens one resource. */
  private static final class MemoryHandler extends URLStreamHandler {
    private final byte[] content;

    MemoryHandler(byte[] content) {
      this.content = content;
    }

    @Override
    protected URLConnection openConnection(URL url) {
      return new URLConnection(url) {
        @Override
        public void connect() {}

        @Override
        public int getContentLength() {
          return content.length;
        }

        @Override
        public long getContentLengthLong() {
          return content.length;
        }

        @Override
        public InputStream getInputStream() throws IOException {
          return new ByteArrayInputStream(content);
        }
      };
    }
  }
}
