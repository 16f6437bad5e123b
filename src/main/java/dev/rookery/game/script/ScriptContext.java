package dev.rookery.game.script;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.graalvm.polyglot.Context;
import org.graalvm.polyglot.Engine;
import org.graalvm.polyglot.EnvironmentAccess;
import org.graalvm.polyglot.HostAccess;
import org.graalvm.polyglot.PolyglotAccess;
import org.graalvm.polyglot.ResourceLimits;
import org.graalvm.polyglot.Source;
import org.graalvm.polyglot.Value;
import org.graalvm.polyglot.io.IOAccess;

/** A script with the sessions that it holds at the moment. Used by one thread. */
final class ScriptContext implements AutoCloseable {
  static final String LANGUAGE = "js";

  // About what sessions of small and large games use; SessionMemoryBench measures it.
  static final int SESSION_BYTES = 4 << 10;
  static final int CHAR_BYTES = 2;

  private static final Source HOST = host();

  private final Context context;
  private final boolean countsStatements;
  private final Value functions;
  private final Map<String, Value> byName = new HashMap<>();
  // With their estimated memory, the least recently used first.
  private final Map<String, Long> sessions = new LinkedHashMap<>(16, 0.75f, true);
  private long sessionBytes;
  private int calls;

  ScriptContext(Engine engine, ScriptLimits limits) {
    Context.Builder builder =
        Context.newBuilder(LANGUAGE)
            .engine(engine)
            .allowHostAccess(HostAccess.NONE)
            .allowIO(IOAccess.NONE)
            .allowPolyglotAccess(PolyglotAccess.NONE)
            .allowEnvironmentAccess(EnvironmentAccess.NONE)
            .allowCreateThread(false)
            .allowCreateProcess(false)
            .allowNativeAccess(false)
            .timeZone(ZoneOffset.UTC)
            .in(InputStream.nullInputStream())
            .out(OutputStream.nullOutputStream())
            .err(OutputStream.nullOutputStream());
    this.countsStatements = limits.callStatements() > 0;
    if (countsStatements) {
      builder.resourceLimits(
          ResourceLimits.newBuilder().statementLimit(limits.callStatements(), null).build());
    }
    this.context = builder.build();
    this.functions = context.eval(HOST);
  }

  private static Source host() {
    try (InputStream in =
        Objects.requireNonNull(ScriptContext.class.getResourceAsStream("host.js"))) {
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      return Source.newBuilder(LANGUAGE, text, "host.js")
          .cached(true)
          .internal(true)
          .buildLiteral();
    } catch (IOException unreadable) {
      throw new UncheckedIOException(unreadable);
    }
  }

  /** Returns the context for the next call, which may execute all its statements. */
  Context begin() {
    if (countsStatements) {
      context.resetLimits();
    }
    return context;
  }

  void evaluate(Script script) {
    context.eval(script.source());
  }

  /** Calls a function of {@code host.js}. */
  String call(String function, Object... arguments) {
    calls++;
    return function(function).execute(arguments).asString();
  }

  int calls() {
    return calls;
  }

  boolean holds(String session) {
    return sessions.get(session) != null;
  }

  /**
   * Remembers that a session is held.
   *
   * @param chars the length of what it shows, which tells about how much memory it uses
   */
  void add(String session, int chars) {
    long bytes = SESSION_BYTES + (long) CHAR_BYTES * chars;
    Long before = sessions.put(session, bytes);
    sessionBytes += bytes - (before == null ? 0 : before);
  }

  /** Drops the least recently used sessions until the others fit; the latest one stays. */
  void trim(long bytesMax) {
    while (sessionBytes > bytesMax && sessions.size() > 1) {
      remove(sessions.keySet().iterator().next());
    }
  }

  void remove(String session) {
    Long bytes = sessions.remove(session);
    if (bytes != null) {
      sessionBytes -= bytes;
      function("drop").executeVoid(session);
    }
  }

  private Value function(String name) {
    return byName.computeIfAbsent(name, functions::getMember);
  }

  /** About how much memory its sessions use. */
  long sessionBytes() {
    return sessionBytes;
  }

  /** Ends it even if the script runs. */
  @Override
  public void close() {
    context.close(true);
  }
}
