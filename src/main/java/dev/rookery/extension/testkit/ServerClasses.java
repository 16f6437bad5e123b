package dev.rookery.extension.testkit;

import java.io.File;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.ServiceLoader;

/** Finds the server, and loads it once for all tests of a JVM. */
final class ServerClasses {
  private static final String PROPERTY = "rookery.jar";

  private ServerClasses() {}

  /** Holds the launcher; the server's classes are loaded at the first use. */
  private static final class Loaded {
    static final NodeLauncher LAUNCHER = load();
  }

  static NodeLauncher launcher() {
    return Loaded.LAUNCHER;
  }

  private static NodeLauncher load() {
    String jar = System.getProperty(PROPERTY);
    ClassLoader classes =
        jar == null || jar.isBlank()
            ? ServerClasses.class.getClassLoader()
            : new URLClassLoader("rookery", urls(jar), new LauncherOnly());
    return ServiceLoader.load(NodeLauncher.class, classes)
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalStateException(
                    "the server was not found: set the system property "
                        + PROPERTY
                        + " to its jar, in the configuration of maven-surefire-plugin"));
  }

  private static URL[] urls(String path) {
    List<URL> urls = new ArrayList<>();
    for (String each : path.split(File.pathSeparator)) {
      Path file = Path.of(each);
      if (!Files.exists(file)) {
        throw new IllegalStateException(
            PROPERTY + " names " + each + ", which does not exist: build it, or correct the path");
      }
      try {
        urls.add(file.toUri().toURL());
      } catch (MalformedURLException impossible) {
        throw new IllegalStateException(impossible);
      }
    }
    return urls.toArray(URL[]::new);
  }

  /** Shows the server the JDK and {@link NodeLauncher}, and nothing of the test's class path. */
  private static final class LauncherOnly extends ClassLoader {
    LauncherOnly() {
      super(ClassLoader.getPlatformClassLoader());
    }

    @Override
    protected Class<?> findClass(String name) throws ClassNotFoundException {
      if (name.startsWith(NodeLauncher.class.getName())) {
        return Class.forName(name, false, ServerClasses.class.getClassLoader());
      }
      throw new ClassNotFoundException(name);
    }
  }
}
