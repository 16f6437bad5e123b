package dev.rookery.loadtest;

import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What to do, for how long and against whom.
 *
 * @param nodes where players go, in turn
 * @param pids processes of the nodes on this machine, whose time and memory are looked at
 * @param databasePids processes of their database, looked at the same way
 * @param reference what starts the bare server to compare with; empty for none
 */
record LoadOptions(
    ScenarioKind kind,
    List<URI> nodes,
    List<Long> pids,
    List<Long> databasePids,
    List<String> reference,
    Map<LoadParameter, Integer> numbers) {
  private static final int NODES_MAX = 64;

  LoadOptions {
    if (nodes.isEmpty() || nodes.size() > NODES_MAX) {
      throw new IllegalArgumentException("node: 1 to " + NODES_MAX + " of them");
    }
  }

  int number(LoadParameter flag) {
    return numbers.getOrDefault(flag, flag.otherwise());
  }

  LoadOptions at(URI node, long pid) {
    return new LoadOptions(kind, List.of(node), List.of(pid), List.of(), List.of(), numbers);
  }

  /**
   * Reads {@code SCENARIO --name=value --name value …}.
   *
   * @param server the words that start a server of this program, for {@code --reference}
   */
  static LoadOptions parse(List<String> server, String... words) {
    if (words.length == 0) {
      throw new IllegalArgumentException("a scenario is needed");
    }
    var kind = kind(words[0]);
    var nodes = new ArrayList<URI>();
    var pids = new ArrayList<Long>();
    var databasePids = new ArrayList<Long>();
    var reference = new ArrayList<String>();
    var numbers = new EnumMap<LoadParameter, Integer>(LoadParameter.class);
    for (int i = 1; i < words.length; i++) {
      int equals = words[i].indexOf('=');
      String name = equals < 0 ? words[i] : words[i].substring(0, equals);
      if (name.equals("--reference")) {
        if (!kind.hasReference()) {
          throw new IllegalArgumentException("reference: there is none for " + kind.word());
        }
        reference.addAll(equals < 0 ? server : List.of(words[i].substring(equals + 1).split(" +")));
        continue;
      }
      if (equals < 0 && i + 1 == words.length) {
        throw new IllegalArgumentException(name + ": a value is needed");
      }
      String value = equals < 0 ? words[++i] : words[i].substring(equals + 1);
      switch (name) {
        case "--node" -> nodes.add(node(value));
        case "--pid" -> pids.add(pid(value));
        case "--database-pid" -> databasePids.add(pid(value));
        default -> {
          LoadParameter flag = flag(kind, name);
          numbers.put(flag, flag.read(value));
        }
      }
    }
    if (nodes.isEmpty()) {
      nodes.add(node("http://127.0.0.1:4000"));
    }
    return new LoadOptions(kind, nodes, pids, databasePids, reference, numbers);
  }

  private static ScenarioKind kind(String word) {
    return Arrays.stream(ScenarioKind.values())
        .filter(one -> one.word().equals(word))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown scenario " + word));
  }

  private static LoadParameter flag(ScenarioKind kind, String word) {
    return Arrays.stream(LoadParameter.values())
        .filter(flag -> word.equals("--" + flag.word()) && kind.knows(flag))
        .findFirst()
        .orElseThrow(
            () -> new IllegalArgumentException("unknown option " + word + " of " + kind.word()));
  }

  private static URI node(String value) {
    URI url;
    try {
      url = URI.create(value);
    } catch (IllegalArgumentException _) {
      throw new IllegalArgumentException("node: not an address: " + value);
    }
    if (!"http".equals(url.getScheme()) || url.getHost() == null) {
      throw new IllegalArgumentException("node: not an http address: " + value);
    }
    return url;
  }

  private static Long pid(String value) {
    try {
      return Long.parseLong(value);
    } catch (NumberFormatException _) {
      throw new IllegalArgumentException("pid: not a process id: " + value);
    }
  }

  static String help() {
    var text = new StringBuilder();
    text.append(
        """
        usage: scripts/load SCENARIO [--node URL]… [--pid PID]… [--reference] [--option N]…

        Puts bounded load on nodes that run, shows how it goes, and prints a table. Nodes must let
        one address sign in and ask often enough: RATE_LIMIT_HTTP_AUTH_LIMIT, RATE_LIMIT_HTTP_GENERAL_LIMIT.
        Ends with status 1 if anything failed or a client saw a gap or a repeat by offset.

          --node URL        a node, by default http://127.0.0.1:4000; players go to all in turn
          --pid PID         a node's process on this machine: its time and memory are in the table
          --database-pid PID  the same for its database
          --reference       does the same with a bare server too, started for it, and gives the ratio
          --reference=WORDS the words to start it with, before the class: "taskset -c 0 java -cp …"
        """);
    for (ScenarioKind kind : ScenarioKind.values()) {
      text.append(String.format(Locale.ROOT, "%n%s: %s%n", kind.word(), kind.meaning()));
      for (LoadParameter flag : LoadParameter.values()) {
        if (kind.knows(flag) && flag != LoadParameter.SECONDS && flag != LoadParameter.WARMUP) {
          text.append(flag.help());
        }
      }
    }
    text.append("\nall of them:\n")
        .append(LoadParameter.SECONDS.help())
        .append(LoadParameter.WARMUP.help());
    return text.toString();
  }
}
