package dev.rookery.node;

import dev.rookery.config.NodeConfig;
import dev.rookery.store.PrivateFolder;
import java.io.IOException;
import java.io.InputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Gives the JVM the compiler of games in JavaScript, with {@code matches.scripts.compiled}. It is
 * part of the jar, and the JVM takes it only from files and only when it starts: so the files are
 * unpacked into the data folder, and the process replaces itself as {@link JvmFlags} does.
 *
 * <p>A JVM with it cannot use an AOT cache. Where it cannot be had, scripts are interpreted, and
 * {@code rookery_scripts_compiled} is 0.
 */
public final class ScriptCompiler {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptCompiler.class);
  private static final String MODULE = "jdk.graal.compiler";

  /** A package that the JDK's own, empty module of that name does not have. */
  private static final String PACKAGE = "jdk.graal.compiler.hotspot";

  private static final List<String> JARS =
      List.of("collections", "compiler", "truffle-compiler", "word");
  private static final String UPGRADE = "--upgrade-module-path=";
  private static final String UNFINISHED = ".unfinished";
  private static final List<String> AOT = List.of("-XX:AOT", "-Xlog:aot");

  private ScriptCompiler() {}

  /**
   * Returns if the configuration does not ask for it, or this JVM has it, or it cannot be given;
   * otherwise the program begins again with it.
   */
  public static void ensure(NodeConfig config) {
    if (!config.matches().scripts().compiled() || isPresent()) {
      return;
    }
    try {
      PrivateFolder.create(config.dataDir());
      List<Path> jars = unpack(config.dataDir().resolve("script-compiler"));
      JvmFlags.beginAgain((java, command) -> with(jars, java, command));
      LOG.warn("scripts of games are interpreted: this process cannot be started with a compiler");
    } catch (IOException failure) {
      LOG.warn("scripts of games are interpreted: their compiler cannot be unpacked", failure);
    }
  }

  private static boolean isPresent() {
    return ModuleLayer.boot()
        .findModule(MODULE)
        .filter(module -> module.getPackages().contains(PACKAGE))
        .isPresent();
  }

  /** Nodes that share a folder may do so at the same moment. */
  static List<Path> unpack(Path folder) throws IOException {
    PrivateFolder.create(folder);
    removeAbandoned(folder);
    var jars = new ArrayList<Path>();
    for (String name : JARS) {
      Path jar = folder.resolve(name + ".jar");
      Path unfinished = Files.createTempFile(folder, name, UNFINISHED);
      try (InputStream in =
              ScriptCompiler.class.getResourceAsStream("/script-compiler/" + name + ".jar");
          FileChannel out = FileChannel.open(unfinished, StandardOpenOption.WRITE)) {
        if (in == null) {
          throw new IOException("this build has no " + name + ".jar");
        }
        // Held while there is anything in the file; the system ends it with the process.
        lock(out);
        in.transferTo(Channels.newOutputStream(out));
        Files.move(unfinished, jar, StandardCopyOption.ATOMIC_MOVE);
      } finally {
        Files.deleteIfExists(unfinished);
      }
      jars.add(jar.toAbsolutePath());
    }
    return jars;
  }

  /**
   * Removes what nodes have left that were killed while they unpacked. A file that a node is
   * writing has a lock; an empty one may be about to get it.
   */
  private static void removeAbandoned(Path folder) throws IOException {
    List<Path> unfinished;
    try (Stream<Path> files = Files.list(folder)) {
      unfinished = files.filter(file -> file.toString().endsWith(UNFINISHED)).toList();
    }
    for (Path file : unfinished) {
      if (isAbandoned(file)) {
        Files.deleteIfExists(file);
      }
    }
  }

  private static boolean isAbandoned(Path file) {
    try (FileChannel channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
      return channel.size() > 0 && lock(channel);
    } catch (IOException _) {
      // Another node has finished it.
      return false;
    }
  }

  /** Whether this process has locked the file; not on a file system without locks. */
  private static boolean lock(FileChannel file) {
    try {
      return file.tryLock() != null;
    } catch (IOException | OverlappingFileLockException _) {
      return false;
    }
  }

  /** The command with the compiler; the same if it must stay as it is. */
  static List<String> with(List<Path> jars, Path java, List<String> command) {
    if (!JvmFlags.isHotSpot()
        || !JvmFlags.canBeReplaced(java, command, command)
        || JvmFlags.hasAny(command, List.of(UPGRADE))) {
      return command;
    }
    var changed = new ArrayList<>(command);
    changed.removeIf(word -> AOT.stream().anyMatch(word::startsWith));
    changed.addAll(
        1,
        List.of(
            "-XX:+UnlockExperimentalVMOptions",
            "-XX:+EnableJVMCI",
            JvmFlags.word(
                UPGRADE + jars.stream().map(Path::toString).collect(Collectors.joining(":")))));
    return changed;
  }
}
