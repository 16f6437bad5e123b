package dev.rookery.extension;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.StringWriter;
import java.lang.annotation.Annotation;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import javax.tools.ToolProvider;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Compiles the extensions that ship as examples, and runs the tests that ship with them. Their
 * server is this build's, from the class path.
 */
final class ExampleExtensionsTest {
  private static final Path EXAMPLES = Path.of("src/main/extensions");

  static List<String> examples() throws IOException {
    try (Stream<Path> all = Files.list(EXAMPLES)) {
      return all.filter(Files::isDirectory).map(each -> each.getFileName().toString()).toList();
    }
  }

  @ParameterizedTest
  @MethodSource("examples")
  void passesItsOwnTests(String example, @TempDir Path classes) throws Exception {
    Path project = EXAMPLES.resolve(example);
    compile(project, classes);
    copy(project.resolve("src/main/resources"), classes);

    int run = 0;
    try (var loader = new ExampleLoader(classes)) {
      for (String name : testClasses(classes)) {
        run += run(loader.loadClass(name));
      }
    }
    assertThat(run).isPositive();
  }

  /** Loads the classes of an example from its folder, also if the class path has them. */
  private static final class ExampleLoader extends URLClassLoader {
    ExampleLoader(Path classes) throws IOException {
      super(new URL[] {classes.toUri().toURL()}, ExampleExtensionsTest.class.getClassLoader());
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      Class<?> loaded = findLoadedClass(name);
      if (loaded != null) {
        return loaded;
      }
      return findResource(name.replace('.', '/') + ".class") == null
          ? super.loadClass(name, resolve)
          : findClass(name);
    }
  }

  private static void compile(Path project, Path classes) throws IOException {
    var compiler = ToolProvider.getSystemJavaCompiler();
    var messages = new StringWriter();
    try (Stream<Path> all = Files.walk(project);
        var files = compiler.getStandardFileManager(null, null, StandardCharsets.UTF_8)) {
      var sources = all.filter(file -> file.toString().endsWith(".java")).toList();
      var options =
          List.of(
              "-proc:none",
              "-classpath",
              System.getProperty("java.class.path"),
              "-d",
              classes.toString());
      assertThat(
              compiler
                  .getTask(
                      messages,
                      files,
                      null,
                      options,
                      null,
                      files.getJavaFileObjectsFromPaths(sources))
                  .call())
          .as(messages.toString())
          .isTrue();
    }
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path target = to.resolve(from.relativize(file));
        Files.createDirectories(target.getParent());
        Files.copy(file, target);
      }
    }
  }

  private static List<String> testClasses(Path classes) throws IOException {
    try (Stream<Path> all = Files.walk(classes)) {
      return all.map(file -> classes.relativize(file).toString())
          .filter(file -> file.endsWith("Test.class"))
          .map(file -> file.substring(0, file.length() - ".class".length()).replace('/', '.'))
          .toList();
    }
  }

  /** Runs the tests of a class, and returns how many there are. */
  private static int run(Class<?> type) throws Exception {
    List<Method> tests = annotated(type, Test.class);
    for (Method before : annotated(type, BeforeAll.class)) {
      invoke(before, null);
    }
    try {
      for (Method test : tests) {
        var constructor = type.getDeclaredConstructor();
        constructor.setAccessible(true);
        invoke(test, constructor.newInstance());
      }
    } finally {
      for (Method after : annotated(type, AfterAll.class)) {
        invoke(after, null);
      }
    }
    return tests.size();
  }

  private static List<Method> annotated(Class<?> type, Class<? extends Annotation> annotation) {
    var found = new ArrayList<Method>();
    for (Method method : type.getDeclaredMethods()) {
      if (method.isAnnotationPresent(annotation)) {
        method.setAccessible(true);
        found.add(method);
      }
    }
    return found;
  }

  private static void invoke(Method method, Object instance) throws Exception {
    try {
      method.invoke(instance);
    } catch (InvocationTargetException failure) {
      if (failure.getCause() instanceof Error error) {
        throw error;
      }
      throw (Exception) failure.getCause();
    }
  }
}
