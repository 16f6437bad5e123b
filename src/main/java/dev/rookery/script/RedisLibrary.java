package dev.rookery.script;

import dev.rookery.keyspace.CommandInfo;
import dev.rookery.keyspace.Keyspace;
import dev.rookery.keyspace.KeyspaceCall;
import dev.rookery.keyspace.Reply;
import dev.rookery.lua.LuaCall;
import dev.rookery.lua.LuaError;
import dev.rookery.lua.LuaFunction;
import dev.rookery.lua.LuaNumber;
import dev.rookery.lua.LuaString;
import dev.rookery.lua.LuaTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * The table {@code redis} of scripts, as Redis 6.2 has it, bound to a keyspace. {@code setresp}
 * takes 2 alone, and {@code set_repl} changes nothing: all changes are stored.
 */
final class RedisLibrary {
  private static final Logger LOG = LoggerFactory.getLogger(RedisLibrary.class);
  private static final Object[] NOTHING = {};
  private static final int REPLICATION_FLAGS = 3;
  private static final Level[] LEVELS = {Level.DEBUG, Level.DEBUG, Level.INFO, Level.WARN};
  private static final int LOG_MAX = 4_096;

  /** How many messages one script may log; further ones are dropped. */
  private static final int LOGGED_MAX = 100;

  private final Keyspace keyspace;
  private final KeyspaceCall caller;
  private final ChangeBuffer changes;
  private int logged;

  RedisLibrary(Keyspace keyspace, KeyspaceCall caller, ChangeBuffer changes) {
    this.keyspace = keyspace;
    this.caller = caller;
    this.changes = changes;
  }

  /** Another script begins. */
  void begin() {
    logged = 0;
  }

  LuaTable table() {
    var table = new LuaTable();
    function(table, "call", (call, args) -> run(call, args, true));
    function(table, "pcall", (call, args) -> run(call, args, false));
    function(table, "error_reply", (call, args) -> reply(call, LuaReplies.ERR, args));
    function(table, "status_reply", (call, args) -> reply(call, LuaReplies.OK, args));
    function(table, "sha1hex", RedisLibrary::sha1);
    function(table, "log", this::log);
    function(table, "setresp", (_, args) -> setProtocol(args));
    function(table, "set_repl", (_, args) -> setReplication(args));
    function(table, "replicate_commands", (_, _) -> !caller.hasWritten());
    function(table, "breakpoint", (_, _) -> Boolean.FALSE);
    function(table, "debug", (_, _) -> NOTHING);
    number(table, "LOG_DEBUG", 0);
    number(table, "LOG_VERBOSE", 1);
    number(table, "LOG_NOTICE", 2);
    number(table, "LOG_WARNING", 3);
    number(table, "REPL_NONE", 0);
    number(table, "REPL_AOF", 1);
    number(table, "REPL_SLAVE", 2);
    number(table, "REPL_REPLICA", 2);
    number(table, "REPL_ALL", REPLICATION_FLAGS);
    return table;
  }

  private static void function(LuaTable table, String name, LuaFunction.Body body) {
    table.set(name, LuaFunction.of(body));
  }

  private static void number(LuaTable table, String name, int value) {
    table.set(name, LuaNumber.of(value));
  }

  private Object run(LuaCall call, @Nullable Object[] args, boolean raise) {
    if (args.length == 0) {
      return refuse(call, "Please specify at least one argument for redis.call()", raise);
    }
    byte[][] command = new byte[args.length][];
    long bytes = 0;
    for (int i = 0; i < args.length; i++) {
      byte[] argument = argument(args[i]);
      if (argument == null) {
        return refuse(call, "Lua redis() command arguments must be strings or integers", raise);
      }
      command[i] = argument;
      bytes += argument.length;
    }
    call.work((int) Math.min(command.length + (bytes >> 8), 1 << 30));
    if (bytes + changes.size() > ChangeBuffer.CHANGES_MAX && isWrite(command[0])) {
      String text =
          "ERR a script may change " + ChangeBuffer.CHANGES_MAX + " bytes at most, in all commands";
      return refuse(call, text, raise);
    }
    Reply reply = keyspace.execute(command, caller);
    if (reply instanceof Reply.Error(var text, var rejected)) {
      return rejected ? refuse(call, text, raise) : error(call, text, raise);
    }
    return LuaReplies.toLua(call, reply);
  }

  private static boolean isWrite(byte[] name) {
    CommandInfo info = Keyspace.command(name);
    return info != null && info.is(CommandInfo.Flag.WRITE);
  }

  private static byte @Nullable [] argument(@Nullable Object value) {
    return switch (value) {
      case LuaString string -> string.bytes();
      case Double number -> LuaReplies.argument(number);
      case null, default -> null;
    };
  }

  /** An error that Redis's Lua library finds, with the place of the call. */
  private static Object refuse(LuaCall call, String text, boolean raise) {
    return error(call, ScriptPosition.of(call.where(1)).before(text), raise);
  }

  private static Object error(LuaCall call, String text, boolean raise) {
    LuaString message = LuaReplies.latin1(text);
    if (raise) {
      throw new LuaError(message);
    }
    return LuaReplies.single(call, LuaReplies.ERR, message);
  }

  private static Object reply(LuaCall call, LuaString field, @Nullable Object[] args) {
    return args.length == 1 && args[0] instanceof LuaString text
        ? LuaReplies.single(call, field, text)
        : refuse(call, "wrong number or type of arguments", false);
  }

  private static Object sha1(LuaCall call, @Nullable Object[] args) {
    if (args.length != 1) {
      throw new LuaError("wrong number of arguments");
    }
    byte[] text = text(args[0]);
    call.work(text.length >> 4);
    return LuaString.of(Script.sha1(text));
  }

  /** A string or a number as C sees it; nothing for other values. */
  private static byte[] text(@Nullable Object value) {
    return switch (value) {
      case LuaString string -> string.bytes();
      case Double number -> LuaReplies.latin1(LuaNumber.format(number)).bytes();
      case null, default -> new byte[0];
    };
  }

  private static @Nullable Double number(@Nullable Object value) {
    return switch (value) {
      case Double number -> number;
      case LuaString string -> LuaNumber.parse(string);
      case null, default -> null;
    };
  }

  private Object log(LuaCall call, @Nullable Object[] args) {
    if (args.length < 2) {
      throw new LuaError("redis.log() requires two arguments or more.");
    }
    Double number = number(args[0]);
    if (number == null) {
      throw new LuaError("First argument must be a number (log level).");
    }
    int level = number.intValue();
    if (level < 0 || level >= LEVELS.length) {
      throw new LuaError("Invalid debug level.");
    }
    if (LOG.isEnabledForLevel(LEVELS[level]) && logged++ < LOGGED_MAX) {
      var message = new StringBuilder();
      for (@Nullable Object part : Arrays.copyOfRange(args, 1, args.length)) {
        byte[] text = text(part);
        call.work(text.length >> 4);
        message
            .append(message.isEmpty() ? "" : " ")
            .append(LuaString.of(Arrays.copyOf(text, Math.min(text.length, LOG_MAX))));
      }
      message.setLength(Math.min(message.length(), LOG_MAX));
      LOG.atLevel(LEVELS[level]).log("script: {}", message);
    }
    return NOTHING;
  }

  private static Object setProtocol(@Nullable Object[] args) {
    if (args.length != 1) {
      throw new LuaError("redis.setresp() requires one argument.");
    }
    Double version = number(args[0]);
    if (version == null || (version != 2 && version != 3)) {
      throw new LuaError("RESP version must be 2 or 3.");
    }
    if (version == 3) {
      throw new LuaError("RESP version 3 is not available; RESP version must be 2.");
    }
    return NOTHING;
  }

  private static Object setReplication(@Nullable Object[] args) {
    if (args.length != 1) {
      throw new LuaError("redis.set_repl() requires two arguments.");
    }
    Double flags = number(args[0]);
    if (flags != null && (flags.intValue() & ~REPLICATION_FLAGS) != 0) {
      throw new LuaError(
          "Invalid replication flags. Use REPL_AOF, REPL_REPLICA, REPL_ALL or REPL_NONE.");
    }
    return NOTHING;
  }
}
