package dev.rookery.loadtest;

import dev.rookery.extension.Extension;
import dev.rookery.extension.ExtensionContext;
import dev.rookery.extension.RpcFunction;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.jar.Attributes;
import java.util.jar.JarEntry;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;

/**
 * The extension that load tests deploy: a function that returns its argument, and a hook before
 * messages that changes nothing. The node loads it from a jar, as any other.
 */
public final class LoadTestExtension implements Extension {
  static final String FUNCTION = "echo";

  private static final String CLASS = LoadTestExtension.class.getName();

  @Override
  public void start(ExtensionContext context) {
    context
        .functions()
        .add(
            RpcFunction.named(FUNCTION)
                .describedAs("Returns its argument")
                .taking("value")
                .handledBy(call -> call.argument(0, Object.class)));
    context.beforeHooks().chatMessage(message -> message);
  }

  /** A jar of this extension with a version. */
  static byte[] jar(String version) {
    var manifest = new Manifest();
    manifest.getMainAttributes().put(Attributes.Name.MANIFEST_VERSION, "1.0");
    manifest.getMainAttributes().put(Attributes.Name.IMPLEMENTATION_VERSION, version);
    String file = CLASS.replace('.', '/') + ".class";
    var bytes = new ByteArrayOutputStream();
    try (var jar = new JarOutputStream(bytes, manifest);
        InputStream code =
            Objects.requireNonNull(
                LoadTestExtension.class.getClassLoader().getResourceAsStream(file))) {
      jar.putNextEntry(new JarEntry(file));
      code.transferTo(jar);
      jar.putNextEntry(new JarEntry("META-INF/services/" + Extension.class.getName()));
      jar.write(CLASS.getBytes(StandardCharsets.UTF_8));
    } catch (IOException failure) {
      throw new UncheckedIOException(failure);
    }
    return bytes.toByteArray();
  }
}
