package dev.rookery.testkit;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import javax.tools.FileObject;
import javax.tools.ForwardingJavaFileManager;
import javax.tools.JavaCompiler;
import javax.tools.JavaFileManager;
import javax.tools.JavaFileObject;
import javax.tools.SimpleJavaFileObject;
import javax.tools.ToolProvider;

/** Compiles extensions and packs them into jars, as their authors do. */
public final class ExtensionSources {
  private static final String IMPORTS =
      """
      package game;
      import dev.rookery.extension.*;
      import dev.rookery.extension.game.*;
      import io.vertx.core.json.*;
      import java.util.*;
      import java.util.concurrent.*;
      import java.util.concurrent.atomic.*;
      """;

  private static final JavaCompiler COMPILER = ToolProvider.getSystemJavaCompiler();
  // Shared, because it opens every jar of the class path.
  private static final JavaFileManager FILES =
      COMPILER.getStandardFileManager(null, null, StandardCharsets.UTF_8);
  private static final Map<String, Map<String, byte[]>> COMPILED = new ConcurrentHashMap<>();

  private ExtensionSources() {}

  /**
   * The jar of an extension whose start consists of these statements; {@code context} is its
   * parameter.
   */
  public static byte[] started(String version, String statements) {
    return started(version, statements, Map.of());
  }

  /** As {@link #started(String, String)}, with further files by their paths. */
  public static byte[] started(String version, String statements, Map<String, String> files) {
    return jar(
        version,
        "public final class Main implements Extension {\n"
            + "  @Override public void start(ExtensionContext context) throws Exception {\n"
            + statements
            + "\n  }\n}\n",
        files);
  }

  /**
   * The jar of an extension.
   *
   * @param source of the class {@code game.Main} and its nested classes, without package and
   *     imports
   */
  public static byte[] jar(String version, String source) {
    return jar(version, source, Map.of());
  }

  private static byte[] jar(String version, String source, Map<String, String> files) {
    var resources = new HashMap<>(files);
    resources.put("META-INF/services/dev.rookery.extension.Extension", "game.Main");
    return pack(version, COMPILED.computeIfAbsent(source, ExtensionSources::compile), resources);
  }

  /** A jar of classes, without an entry point. */
  public static byte[] jarWithoutEntryPoint(String source) {
    return pack("1", COMPILED.computeIfAbsent(source, ExtensionSources::compile), Map.of());
  }

  private static byte[] pack(
      String version, Map<String, byte[]> classes, Map<String, String> resources) {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    var bytes = new ByteArrayOutputStream();
    try (var jar = new JarOutputStream(bytes, manifest)) {
      for (var entry : classes.entrySet()) {
        jar.putNextEntry(new JarEntry(entry.getKey().replace('.', '/') + ".class"));
        jar.write(entry.getValue());
      }
      for (var entry : resources.entrySet()) {
        jar.putNextEntry(new JarEntry(entry.getKey()));
        jar.write(entry.getValue().getBytes(StandardCharsets.UTF_8));
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  /** Puts a jar into a folder in one step, in place of one that is there. */
  public static void put(Path folder, String name, byte[] jar) throws IOException {
    Path copy = Files.write(folder.resolve(name + ".copy"), jar);
    Files.move(
        copy,
        folder.resolve(name + ".jar"),
        StandardCopyOption.ATOMIC_MOVE,
        StandardCopyOption.REPLACE_EXISTING);
  }

  private static synchronized Map<String, byte[]> compile(String source) {
    var messages = new StringWriter();
    var classes = new HashMap<String, ByteArrayOutputStream>();
    JavaFileManager files =
        new ForwardingJavaFileManager<JavaFileManager>(FILES) {
          @Override
          public JavaFileObject getJavaFileForOutput(
              Location location, String name, JavaFileObject.Kind kind, FileObject sibling) {
            return new SimpleJavaFileObject(URI.create("memory:///" + name + ".class"), kind) {
              @Override
              public OutputStream openOutputStream() {
                var out = new ByteArrayOutputStream();
                classes.put(name, out);
                return out;
              }
            };
          }
        };
    var file =
        new SimpleJavaFileObject(
            URI.create("memory:///game/Main.java"), JavaFileObject.Kind.SOURCE) {
          @Override
          public CharSequence getCharContent(boolean ignoreEncodingErrors) {
            return IMPORTS + source;
          }
        };
    var options =
        List.of("-proc:none", "-nowarn", "-classpath", System.getProperty("java.class.path"));
    if (!COMPILER.getTask(messages, files, null, options, null, List.of(file)).call()) {
      throw new AssertionError(messages + "\n" + source);
    }
    var compiled = new HashMap<String, byte[]>();
    classes.forEach((name, out) -> compiled.put(name, out.toByteArray()));
    return compiled;
  }
}
