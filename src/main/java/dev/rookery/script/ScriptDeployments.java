package dev.rookery.script;

import dev.rookery.base.Refusal;
import dev.rookery.base.Refused;
import dev.rookery.base.Text;
import dev.rookery.script.ScriptException.Kind;
import dev.rookery.script.ScriptStore.Stored;
import dev.rookery.store.Database;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Keeps {@link Scripts} to the stored rows, and stores what admins and the folder of scripts give.
 * What cannot be used is never stored, so the last good version serves on. Its calls block.
 */
final class ScriptDeployments {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptDeployments.class);
  private static final String ADMIN = "admin";
  private static final String BUNDLED = "bundled";

  private final ScriptStore store;
  private final Scripts scripts;
  private final InstantSource clock;
  private final MeterRegistry meters;
  private final String folderSource;
  private final Runnable announce;
  private final ReentrantLock following = new ReentrantLock();

  private boolean closed;
  private final Map<String, Stored> loaded = new HashMap<>();
  private final Map<String, Script> current = new HashMap<>();
  private final ScriptProblems problems;

  /**
   * @param announce tells the other nodes that the folder has changed the rows; admins wait for
   *     them
   */
  ScriptDeployments(
      Database database,
      Scripts scripts,
      InstantSource clock,
      MeterRegistry meters,
      String nodeName,
      Runnable announce) {
    this.announce = announce;
    this.store = new ScriptStore(database);
    this.scripts = scripts;
    this.clock = clock;
    this.meters = meters;
    this.folderSource = "folder " + nodeName;
    this.problems = new ScriptProblems(meters);
  }

  /** Follows the rows no more; waits until that has ended. */
  void close() {
    following.lock();
    try {
      closed = true;
    } finally {
      following.unlock();
    }
  }

  /** Serves what is stored. */
  void follow() {
    following.lock();
    try {
      if (closed) {
        return;
      }
      var present = new TreeMap<String, Stored>();
      store.all().forEach(row -> present.put(row.name(), row));
      if (present.equals(loaded)) {
        return;
      }
      for (Stored row : present.values()) {
        if (!row.equals(loaded.get(row.name()))) {
          load(row);
        }
      }
      loaded.keySet().retainAll(present.keySet());
      current.keySet().retainAll(present.keySet());
      scripts.replace(current);
    } finally {
      following.unlock();
    }
  }

  private void load(Stored row) {
    // Without it there is a newer version, which the next look at the rows finds.
    store
        .content(row)
        .ifPresent(
            content -> {
              current.put(row.name(), Script.of(row.name(), bytes(content)));
              loaded.put(row.name(), row);
              problems.remove(row.name());
              countReload(row.name(), "loaded");
              LOG.info(
                  "script {}: version {} is served ({})", row.name(), row.version(), row.source());
            });
  }

  private static byte[] bytes(String content) {
    return content.getBytes(StandardCharsets.UTF_8);
  }

  private void countReload(String script, String outcome) {
    Counter.builder("rookery.lua.reloads")
        .description("Versions of scripts that this node began to serve, or refused")
        .tag("script", script)
        .tag("outcome", outcome)
        .register(meters)
        .increment();
  }

  ScriptInfo put(ScriptCommand.Put put) {
    ScriptProblem problem = findProblem(put.name(), bytes(put.source()));
    if (problem != null) {
      throw new Refused(
          new Refusal.Denied("script_rejected", Map.of("message", problem.at(put.name()))));
    }
    return store(put.name(), put.source(), ADMIN, put.version());
  }

  Optional<ScriptProblem> check(String name, String source) {
    return Optional.ofNullable(findProblem(name, bytes(source)));
  }

  private ScriptInfo store(
      String name, String content, String source, @Nullable Long expectedVersion) {
    Script script = Script.of(name, bytes(content));
    Stored stored = store.put(name, script.sha1(), source, content, expectedVersion);
    problems.remove(name);
    follow();
    return info(stored, script);
  }

  /** Why a script cannot be used; null if it can. */
  private @Nullable ScriptProblem findProblem(String name, byte[] content) {
    if (content.length > ScriptCommand.SOURCE_BYTES_MAX) {
      return problem("it has more than " + ScriptCommand.SOURCE_BYTES_MAX + " bytes");
    }
    try {
      scripts.engine().check(Script.of(name, content)).await();
      return null;
    } catch (ScriptException failure) {
      if (failure.kind() == Kind.AWAY || failure.kind() == Kind.BUSY) {
        throw new Refused(new Refusal.Unavailable("scripts_unavailable"));
      }
      return problem(failure.text());
    } catch (IllegalArgumentException unknownRole) {
      return problem(String.valueOf(unknownRole.getMessage()));
    }
  }

  private ScriptProblem problem(String message) {
    return ScriptProblem.of(message, clock.millis());
  }

  void remove(String name) {
    problems.remove(name);
    store.remove(name);
    follow();
  }

  ScriptInfo rollBack(String name) {
    Stored stored = store.rollBack(name, ADMIN);
    follow();
    Script script = scripts.all().get(name);
    if (script == null) {
      throw Refused.missing("not_found");
    }
    return info(stored, script);
  }

  ScriptCommand.Listing list() {
    var rows = new HashMap<String, Stored>();
    store.all().forEach(row -> rows.put(row.name(), row));
    var all = new TreeMap<String, ScriptInfo>();
    scripts
        .all()
        .forEach(
            (name, script) -> {
              Stored row = rows.get(name);
              all.put(
                  name,
                  row == null
                      ? new ScriptInfo(
                          name, script.role(), script.sha1(), 0, BUNDLED, 0, problems.get(name))
                      : info(row, script));
            });
    problems.forEach(
        (name, problem) ->
            all.computeIfAbsent(
                name, _ -> new ScriptInfo(name, null, "", 0, folderSource, 0, problem)));
    Map<String, ScriptCommand.Figures> figures = new HashMap<>();
    scripts.called().forEach(name -> figures.put(name, scripts.figures(name)));
    return new ScriptCommand.Listing(
        scripts.engine().name(), new ArrayList<>(all.values()), figures);
  }

  ScriptCommand.Inspected inspect(String name, @Nullable Long version) {
    ScriptInfo info =
        list().scripts().stream()
            .filter(each -> each.name().equals(name))
            .findFirst()
            .orElseThrow(() -> Refused.missing("not_found"));
    Script served = scripts.all().get(name);
    String current = served == null ? "" : new String(served.source(), StandardCharsets.UTF_8);
    String text =
        version == null || version == info.version()
            ? current
            : store.content(name, version).orElseThrow(() -> Refused.missing("not_found"));
    return new ScriptCommand.Inspected(
        info,
        version == null ? info.version() : version,
        text,
        store.versions(name),
        scripts.figures(name));
  }

  private ScriptInfo info(Stored row, Script script) {
    return new ScriptInfo(
        row.name(),
        script.role(),
        row.sha1(),
        row.version(),
        row.source(),
        row.changedMs(),
        problems.get(row.name()));
  }

  /**
   * Takes a file of the folder; false if the engine is away, so that it should be given again.
   *
   * @param first whether it was there when the node started; then it is only stored if it is not
   *     what this folder gave last, because an admin may have replaced that since
   */
  boolean onFile(String name, byte[] content, boolean first) {
    try {
      if (first && store.lastOf(name, folderSource).equals(Optional.of(Script.sha1(content)))) {
        return true;
      }
      String text = textOf(content);
      ScriptProblem problem =
          text == null ? problem("it is not UTF-8") : findProblem(name, content);
      if (text != null && problem == null) {
        store(name, text, folderSource, null);
        announce.run();
      } else if (problem != null) {
        refuseFile(name, problem);
      }
    } catch (Refused refused) {
      if (refused.refusal() instanceof Refusal.Unavailable) {
        return false;
      }
      refuseFile(name, problem(String.valueOf(refused.getMessage())));
    }
    return true;
  }

  private static @Nullable String textOf(byte[] content) {
    var text = new String(content, StandardCharsets.UTF_8);
    return Text.isUtf8(content) && Text.isStorable(text) ? text : null;
  }

  private void refuseFile(String name, ScriptProblem problem) {
    problems.put(name, problem);
    countReload(name, "rejected");
    LOG.error("{}; the last good version is served on", problem.at(name));
  }

  /** A file of the folder is gone. */
  void onFileRemoved(String name) {
    problems.remove(name);
    Optional<Stored> stored = store.find(name);
    if (stored.isEmpty() || !stored.get().source().equals(folderSource)) {
      return;
    }
    try {
      store.remove(name);
    } catch (Refused refused) {
      if (!(refused.refusal() instanceof Refusal.Missing)) {
        throw refused;
      }
      return;
    }
    LOG.info("script {}: removed with its file", name);
    follow();
    announce.run();
  }

  /** The scripts that the folder of this node gave. */
  List<String> ofFolder() {
    return store.all().stream()
        .filter(row -> row.source().equals(folderSource))
        .map(Stored::name)
        .toList();
  }
}
