package dev.rookery.keyspace;

import dev.rookery.keyspace.CommandInfo.Flag;
import java.util.List;
import java.util.Set;

/**
 * Commands that Redis has and that are refused: by Redis too if a script calls them, or only here.
 */
final class UnservedCommands {
  /** Refused to scripts by Redis as well. */
  private static final List<String> NOT_FROM_SCRIPT =
      List.of(
          ("acl:-2 asking:1 auth:-2 bgrewriteaof:1 bgsave:-1 blmove:6 blpop:-3 brpop:-3"
               + " brpoplpush:4 bzpopmax:-3 bzpopmin:-3 client:-2 config:-2 debug:-2 discard:1"
               + " eval:-3 evalsha:-3 exec:1 failover:-1 hello:-1 latency:-2 module:-2 monitor:1"
               + " multi:1 psubscribe:-2 psync:-3 punsubscribe:-1 replconf:-1 replicaof:3 reset:1"
               + " role:1 save:1 script:-2 shutdown:-1 slaveof:3 subscribe:-2 sync:1 unsubscribe:-1"
               + " unwatch:1 wait:3 watch:-2")
              .split(" ", -1));

  /** Allowed to scripts by Redis, and missing here. */
  private static final List<String> MISSING =
      List.of(
          ("cluster:-2 command:-1 dump:2 geoadd:-5 geodist:-4 geohash:-2 geopos:-2 georadius:-6"
                  + " georadius_ro:-6 georadiusbymember:-5 georadiusbymember_ro:-5 geosearch:-7"
                  + " geosearchstore:-8 info:-1 lastsave:1 lolwut:-1 memory:-2 migrate:-6 move:3"
                  + " pfadd:-2 pfcount:-2 pfmerge:-2 pubsub:-2 readonly:1 readwrite:1 restore:-4"
                  + " slowlog:-2 stralgo:-2 swapdb:3 xack:-4 xautoclaim:-6 xclaim:-6 xgroup:-2"
                  + " xinfo:-2 xpending:-3 xread:-4 xreadgroup:-7 xsetid:3")
              .split(" ", -1));

  private UnservedCommands() {}

  static void register(CommandTable table) {
    NOT_FROM_SCRIPT.forEach(
        entry -> add(table, entry, Set.of(Flag.NOT_SERVED, Flag.NOT_FROM_SCRIPT)));
    MISSING.forEach(entry -> add(table, entry, Set.of(Flag.NOT_SERVED)));
  }

  private static void add(CommandTable table, String entry, Set<Flag> flags) {
    int colon = entry.indexOf(':');
    String name = entry.substring(0, colon);
    int arity = Integer.parseInt(entry.substring(colon + 1));
    table.add(
        name,
        arity,
        flags,
        0,
        0,
        0,
        _ -> {
          throw error(name);
        });
  }

  static CommandError error(String what) {
    return new CommandError(
        "ERR '" + what + "' is not available without a Redis server (embedded keyspace)");
  }
}
