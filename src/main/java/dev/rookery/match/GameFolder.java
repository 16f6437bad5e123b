package dev.rookery.match;

import dev.rookery.base.FileStamp;
import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.NoSuchFileException;
import java.nio.file.NotDirectoryException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Deploys the games of a folder whenever their files change, for development: the output of a build
 * in {@code <folder>/<gameKey>/}, with the script as {@code game.js} beside it. A version is named
 * after its content. What cannot be used leaves the version before as it was.
 *
 * <p>The folder is listed again and again, because notifications of the file system do not reach
 * mounted folders. Files count as changed when two listings in a row agree, so that a build is not
 * read while it writes. {@link #scan} blocks and is called by one thread at a time.
 */
final class GameFolder {
  private static final Logger LOG = LoggerFactory.getLogger(GameFolder.class);
  private static final String SCRIPT = "game.js";
  private static final String MANIFEST = "manifest.json";
  private static final String VERSION = "dev-";
  private static final int VERSION_DIGITS = 16;
  private static final int VERSIONS_KEPT = 10;
  private static final int SCRIPT_BYTES_MAX = 4 << 20;
  private static final int ENTRIES_MAX = 5_000;

  /** What builds write beside the static files, and browsers do not load. */
  private static final Set<String> NOT_STATIC =
      Set.of(SCRIPT, MANIFEST, "server.js", "server.metadata.json");

  private final Path folder;
  private final GameDeployments deployments;
  private final Map<String, Map<String, FileStamp>> seen = new HashMap<>();
  private final Map<String, Map<String, FileStamp>> handled = new HashMap<>();
  private final Map<String, String> problems = new ConcurrentHashMap<>();

  GameFolder(Path folder, GameDeployments deployments) {
    this.folder = folder;
    this.deployments = deployments;
  }

  /** Why games of the folder could not be deployed as they are now, by key. */
  List<GameProblem> problems() {
    return new TreeMap<>(problems)
        .entrySet().stream().map(each -> new GameProblem(each.getKey(), each.getValue())).toList();
  }

  /**
   * Deploys what has changed.
   *
   * @return whether anything was deployed
   */
  boolean scan() {
    boolean deployed = false;
    List<String> games = list();
    for (String game : games) {
      Map<String, FileStamp> now = stamps(folder.resolve(game));
      Map<String, FileStamp> before = seen.put(game, now);
      if (now.containsKey(SCRIPT) && now.equals(before) && !now.equals(handled.get(game))) {
        deployed |= deploy(game, !handled.containsKey(game));
        handled.put(game, now);
      }
    }
    seen.keySet().retainAll(games);
    handled.keySet().retainAll(games);
    problems.keySet().retainAll(games);
    return deployed;
  }

  private List<String> list() {
    var games = new ArrayList<String>();
    try (var entries = Files.newDirectoryStream(folder)) {
      for (Path entry : entries) {
        String name = entry.getFileName().toString();
        if (GameManifest.isName(name) && Files.isDirectory(entry)) {
          games.add(name);
        }
      }
    } catch (NoSuchFileException | NotDirectoryException _) {
      // It may come later.
    } catch (IOException | DirectoryIteratorException unreadable) {
      LOG.warn("the folder of games cannot be listed: {}", unreadable.toString());
      games.addAll(handled.keySet());
    }
    return games;
  }

  private static Map<String, FileStamp> stamps(Path game) {
    var stamps = new TreeMap<String, FileStamp>();
    try {
      Files.walkFileTree(
          game,
          new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) {
              String path = game.relativize(file).toString().replace('\\', '/');
              if (attributes.isRegularFile() && !GameFiles.isIgnored(path)) {
                stamps.put(path, FileStamp.of(attributes));
              }
              return stamps.size() > ENTRIES_MAX
                  ? FileVisitResult.TERMINATE
                  : FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException gone) {
              return FileVisitResult.CONTINUE;
            }
          });
    } catch (IOException unreadable) {
      LOG.debug("a game cannot be listed", unreadable);
    }
    return stamps;
  }

  /**
   * @param first since the node has started: what was rolled back before is not active again
   */
  private boolean deploy(String game, boolean first) {
    try {
      List<GameFile> files = staticFiles(game);
      var command = read(game, files);
      String version = command.version();
      boolean known = deployments.has(game, version);
      if (!known) {
        deployments.removeOldest(game, VERSION, VERSIONS_KEPT);
        deployments.deploy(command, files);
      } else if (!first) {
        deployments.activate(game, version);
      }
      if (problems.remove(game) != null || !known) {
        LOG.info("version {} of the game {} is deployed from its folder", version, game);
      }
      return !known || !first;
    } catch (IOException unreadable) {
      report(game, "its files cannot be read: " + unreadable);
    } catch (Refused refused) {
      report(game, message(refused.refusal()));
    }
    return false;
  }

  private static String message(Refusal refusal) {
    return refusal instanceof Refusal.Denied(_, var details) && details.containsKey("message")
        ? String.valueOf(details.get("message"))
        : refusal.code();
  }

  private void report(String game, String message) {
    problems.put(game, message);
    LOG.error("the game {} is not deployed from its folder: {}", game, message);
  }

  private GameCommand.Deploy read(String game, List<GameFile> files) throws IOException {
    Path home = folder.resolve(game);
    if (Files.size(home.resolve(SCRIPT)) > SCRIPT_BYTES_MAX) {
      throw GameFiles.rejected(SCRIPT + " has more than " + SCRIPT_BYTES_MAX + " bytes");
    }
    String script = GameManifest.text(Files.readAllBytes(home.resolve(SCRIPT)));
    Path manifest = home.resolve(MANIFEST);
    String schema =
        GameManifest.schemaVersion(Files.exists(manifest) ? Files.readString(manifest) : null);
    if (script == null) {
      throw GameFiles.rejected(SCRIPT + " is not UTF-8");
    }
    if (schema == null) {
      throw GameFiles.rejected(MANIFEST + " is malformed");
    }
    return new GameCommand.Deploy(game, version(script, schema, files), schema, script, null);
  }

  private static String version(String script, String schema, List<GameFile> files) {
    String content = script + "\n" + schema + "\n" + GameFiles.digest(files);
    return VERSION
        + GameFiles.digest(content.getBytes(StandardCharsets.UTF_8)).substring(0, VERSION_DIGITS);
  }

  /** Without a page nothing is static. */
  private List<GameFile> staticFiles(String game) throws IOException {
    Path home = folder.resolve(game);
    if (!Files.isRegularFile(home.resolve(GameFiles.INDEX), LinkOption.NOFOLLOW_LINKS)) {
      return List.of();
    }
    var files = new GameFiles();
    for (Map.Entry<String, FileStamp> each : stamps(home).entrySet()) {
      if (!NOT_STATIC.contains(each.getKey())) {
        files.reserve(each.getKey(), each.getValue().bytes());
        files.add(each.getKey(), Files.readAllBytes(home.resolve(each.getKey())));
      }
    }
    return files.complete();
  }
}
