package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Every command, found by name. */
final class CommandTable {
  static final CommandTable INSTANCE = create();

  private final Map<String, Command> commands = new LinkedHashMap<>();
  private String group = "";

  private CommandTable() {}

  private static CommandTable create() {
    var table = new CommandTable();
    StringCommands.register(table.group("Strings"));
    NumberCommands.register(table);
    BitCommands.register(table.group("Bits"));
    BitFieldCommands.register(table);
    HashCommands.register(table.group("Hashes"));
    ListCommands.register(table.group("Lists"));
    ListMoveCommands.register(table);
    SetCommands.register(table.group("Sets"));
    SortedSetCommands.register(table.group("Sorted sets"));
    SortedSetRangeCommands.register(table);
    SortedSetStoreCommands.register(table);
    StreamCommands.register(table.group("Streams"));
    KeyCommands.register(table.group("Keys"));
    ExpiryCommands.register(table);
    ScanCommands.register(table);
    SortCommands.register(table);
    ServerCommands.register(table.group("Server"));
    UnservedCommands.register(table.group("Not served"));
    return table;
  }

  private CommandTable group(String name) {
    group = name;
    return this;
  }

  /** Adds a command with its keys at {@code first} to {@code last}, each {@code step} apart. */
  void add(
      String name,
      int arity,
      Set<Flag> flags,
      int first,
      int last,
      int step,
      Command.Handler handler) {
    var info = new CommandInfo(name, arity, group, flags, first, last, step);
    if (commands.put(name, new Command(info, handler)) != null) {
      throw new IllegalStateException("Command " + name + " is in the table already");
    }
  }

  /** Adds a command that only reads and has one key, the first argument. */
  void read(String name, int arity, Command.Handler handler) {
    add(name, arity, Set.of(), 1, 1, 1, handler);
  }

  /** Adds a command that writes, never makes its key larger and has one key. */
  void write(String name, int arity, Command.Handler handler) {
    add(name, arity, Set.of(Flag.WRITE), 1, 1, 1, handler);
  }

  /** Adds a command that writes, may make its key larger and has one key. */
  void grow(String name, int arity, Command.Handler handler) {
    add(name, arity, Set.of(Flag.WRITE, Flag.GROWS), 1, 1, 1, handler);
  }

  @Nullable Command find(byte[] name) {
    return name.length > 32 ? null : commands.get(ByteStrings.lowerCase(name));
  }

  List<CommandInfo> infos() {
    return commands.values().stream().map(Command::info).toList();
  }
}
