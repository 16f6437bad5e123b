package dev.rookery.script;

import dev.rookery.base.FatalErrors;
import dev.rookery.keyspace.Keyspace;
import dev.rookery.keyspace.KeyspaceCall;
import dev.rookery.lua.LuaCall;
import dev.rookery.lua.LuaChunk;
import dev.rookery.lua.LuaError;
import dev.rookery.lua.LuaFunction;
import dev.rookery.lua.LuaLibraries;
import dev.rookery.lua.LuaLimitExceeded;
import dev.rookery.lua.LuaLimits;
import dev.rookery.lua.LuaNumber;
import dev.rookery.lua.LuaString;
import dev.rookery.lua.LuaSyntaxException;
import dev.rookery.lua.LuaTable;
import dev.rookery.lua.LuaUserdata;
import dev.rookery.script.ScriptException.Kind;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Runs scripts against a keyspace as Redis's {@code EVAL} does, with the limits of a call. Compiled
 * scripts are kept by their digest. Not thread-safe.
 */
final class ScriptRunner {
  private static final Logger LOG = LoggerFactory.getLogger(ScriptRunner.class);

  /** How many compiled scripts are kept. */
  private static final int CHUNKS_MAX = 1_000;

  /** How many bytes one script may publish. */
  private static final long PUBLISHED_MAX = 8L << 20;

  private static final LuaString KEYS = LuaString.of("KEYS");
  private static final LuaString ARGV = LuaString.of("ARGV");
  private static final String REDIS = "redis";
  private static final long MICROS = 1_000_000;

  private final RedisLibrary redis;
  private final LuaLibraries libraries;
  private final LuaLimits limits;
  private final EmbeddedSettings settings;
  private final IntSupplier receivers;
  private final InstantSource clock;
  private final ChangeBuffer changes;
  private final Map<String, LuaChunk> chunks =
      new LinkedHashMap<>(16, 0.75f, true) {
        private static final long serialVersionUID = 1L;

        @Override
        protected boolean removeEldestEntry(Map.Entry<String, LuaChunk> eldest) {
          return size() > CHUNKS_MAX;
        }
      };
  private List<Publication> published = new ArrayList<>();
  private long publishedBytes;
  private long nowMicros;
  private @Nullable LuaCall running;

  /**
   * @param changes where the keyspace reports what scripts change
   * @param receivers how many nodes receive a message to a game's channel
   */
  ScriptRunner(
      Keyspace keyspace,
      ChangeBuffer changes,
      EmbeddedSettings settings,
      IntSupplier receivers,
      InstantSource clock) {
    this.changes = changes;
    this.settings = settings;
    this.receivers = receivers;
    this.clock = clock;
    this.limits = new LuaLimits(settings.scriptTime().toNanos(), 0, settings.scriptMemoryBytes());
    this.redis = new RedisLibrary(keyspace, new Caller(), changes);
    this.libraries = LuaLibraries.frozen(Map.of(REDIS, redis.table()));
  }

  /** What came of a call: a result or a failure. */
  record Outcome(@Nullable ScriptResult result, @Nullable ScriptException failure) {
    /** Bytes of the result, estimated. */
    long bytes() {
      return result == null ? 0 : bytes(result);
    }

    private static long bytes(ScriptResult part) {
      return switch (part) {
        case ScriptResult.Null _, ScriptResult.Int _ -> Long.BYTES;
        case ScriptResult.Bulk(var text) -> text.length;
        case ScriptResult.Status(var text) -> text.length;
        case ScriptResult.Failed(var text) -> text.length;
        case ScriptResult.Array(var elements) -> {
          long sum = Long.BYTES;
          for (ScriptResult element : elements) {
            sum += bytes(element);
          }
          yield sum;
        }
      };
    }

    void answer(ScriptCall call) {
      call.complete(result, failure);
    }
  }

  /** Whether the script is compiled, so that its source is not needed. */
  boolean knows(Script script) {
    return chunks.containsKey(script.sha1());
  }

  Outcome run(ScriptCall call) {
    var now = clock.instant();
    nowMicros = now.getEpochSecond() * MICROS + TimeUnit.NANOSECONDS.toMicros(now.getNano());
    publishedBytes = 0;
    redis.begin();
    try {
      return new Outcome(execute(call), null);
    } catch (ScriptException failure) {
      return new Outcome(null, failure);
    }
  }

  /** What the last script has published to games' channels; empty afterwards. */
  List<Publication> takePublished() {
    if (published.isEmpty()) {
      return List.of();
    }
    List<Publication> taken = published;
    published = new ArrayList<>();
    return taken;
  }

  private ScriptResult execute(ScriptCall call) {
    Script script = call.script();
    LuaChunk chunk = chunks.get(script.sha1());
    if (chunk == null) {
      chunk = compile(script);
      chunks.put(script.sha1(), chunk);
    }
    var lua = new LuaCall(libraries, limits);
    running = lua;
    try {
      lua.setGlobal(KEYS, strings(lua, call.keys()));
      lua.setGlobal(ARGV, strings(lua, call.args()));
      @Nullable Object[] values = lua.run(chunk);
      return LuaReplies.result(values.length == 0 ? null : values[0], settings.resultBytesMax());
    } catch (LuaError error) {
      throw failure(script, uncaught(lua, error));
    } catch (LuaLimitExceeded exceeded) {
      throw stopped(script, exceeded);
    } catch (ScriptException refused) {
      throw refused;
    } catch (RuntimeException | Error broken) {
      FatalErrors.endIfFatal(broken);
      LOG.error("the script {} was stopped by an error of the server", script.name(), broken);
      throw failure(script, "internal error");
    } finally {
      running = null;
    }
  }

  private static LuaTable strings(LuaCall lua, List<byte[]> all) {
    LuaTable table = lua.newTable(all.size(), 0);
    for (int i = 0; i < all.size(); i++) {
      table.set(i + 1, lua.newString(all.get(i)));
    }
    return table;
  }

  /**
   * Compiles a script.
   *
   * @throws ScriptException if it is no Lua; the message has the line
   */
  static LuaChunk compile(Script script) {
    try {
      return LuaChunk.compile(ScriptPosition.CHUNK, script.source());
    } catch (LuaSyntaxException syntax) {
      throw new ScriptException(
          Kind.SCRIPT, line("ERR Error compiling script (new function): " + syntax.getMessage()));
    }
  }

  private static ScriptException failure(Script script, String text) {
    return new ScriptException(Kind.SCRIPT, line(prefix(script) + text));
  }

  private static String prefix(Script script) {
    return "ERR Error running script (call to f_" + script.sha1() + "): ";
  }

  /** Lines of a reply have no line ends and end at a zero byte. */
  private static String line(String text) {
    byte[] bytes = LuaReplies.line(text.strip().getBytes(StandardCharsets.UTF_8));
    return new String(bytes, StandardCharsets.UTF_8);
  }

  /** As the error handler of Redis, a Lua function that appends the value to the position. */
  private static String uncaught(LuaCall lua, LuaError error) {
    return switch (error.value()) {
      case LuaString text -> position(lua, text.toString()).beforeUncaught(text.toString());
      case Double number -> {
        String text = LuaNumber.format(number);
        yield position(lua, text).beforeUncaught(text);
      }
      case null, default -> {
        String text =
            "err_handler_def:9: attempt to concatenate local 'err' (a "
                + type(error.value())
                + " value)";
        yield "@err_handler_def:9: " + text;
      }
    };
  }

  /** The call of the Java function that raised the error, or the place that Lua's message names. */
  private static ScriptPosition position(LuaCall lua, String message) {
    String raisedAt = lua.raisedAt();
    return ScriptPosition.of(raisedAt == null ? message : raisedAt);
  }

  private static String type(@Nullable Object value) {
    return switch (value) {
      case null -> "nil";
      case Boolean _ -> "boolean";
      case LuaTable _ -> "table";
      case LuaFunction _ -> "function";
      case LuaUserdata _ -> "userdata";
      default -> "thread";
    };
  }

  private ScriptException stopped(Script script, LuaLimitExceeded exceeded) {
    return switch (exceeded.limit()) {
      case TIME, INSTRUCTIONS, CANCELLED ->
          new ScriptException(
              Kind.TIMED_OUT,
              prefix(script)
                  + "the script was stopped, because it ran longer than "
                  + settings.scriptTime().toMillis()
                  + " ms");
      case MEMORY ->
          new ScriptException(
              Kind.OUT_OF_MEMORY,
              prefix(script)
                  + "the script was stopped, because it needs more memory than "
                  + settings.scriptMemoryBytes()
                  + " bytes");
    };
  }

  /** What the keyspace knows of the script that runs. */
  private final class Caller implements KeyspaceCall {
    @Override
    public long nowMicros() {
      return nowMicros;
    }

    @Override
    public long publish(byte[] channel, byte[] message) {
      String game = UpdateBroadcast.gameChannel(channel);
      if (game == null) {
        return 0;
      }
      publishedBytes += channel.length + (long) message.length;
      if (publishedBytes > PUBLISHED_MAX) {
        throw new LuaError("ERR a script may publish " + PUBLISHED_MAX + " bytes at most");
      }
      published.add(new Publication(game, message));
      return receivers.getAsInt();
    }

    @Override
    public boolean fromScript() {
      return true;
    }

    @Override
    public boolean hasWritten() {
      return !changes.isEmpty();
    }

    @Override
    public void work(long elements) {
      if (running != null) {
        running.work((int) Math.min(elements, 1 << 30));
      }
    }
  }
}
