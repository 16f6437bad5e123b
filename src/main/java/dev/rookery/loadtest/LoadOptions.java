package dev.rookery.loadtest;

import dev.rookery.benchmark.PlayerMix;
import java.net.URI;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The options of a run.
 *
 * @param nodes the nodes; players are distributed in turn
 * @param pids processes of the nodes on this machine, whose time and memory are measured
 * @param databasePids processes of their database, measured in the same way
 * @param baselineCommand command that starts the baseline server; empty for none
 * @param game the game of rooms; empty for the default game of the nodes
 * @param run how it was started
 */
record LoadOptions(
    ScenarioKind kind,
    List<URI> nodes,
    List<Long> pids,
    List<Long> databasePids,
    List<String> baselineCommand,
    String game,
    Map<LoadParameter, Integer> numbers,
    RunSettings run) {
  private static final int NODES_MAX = 64;
  private static final String MODEL = "--model";

  /** Options of nodes in which rooms have the default game. */
  LoadOptions(
      ScenarioKind kind,
      List<URI> nodes,
      List<Long> pids,
      List<Long> databasePids,
      List<String> baselineCommand,
      Map<LoadParameter, Integer> numbers) {
    this(kind, nodes, pids, databasePids, baselineCommand, "", numbers, RunSettings.NONE);
  }

  LoadOptions {
    if (nodes.isEmpty() || nodes.size() > NODES_MAX) {
      throw new IllegalArgumentException(
          "node: between 1 and " + NODES_MAX + " nodes are required");
    }
  }

  int number(LoadParameter parameter) {
    return numbers.getOrDefault(parameter, parameter.defaultValue());
  }

  /** Whether only the table of a mix is wanted, without nodes. */
  boolean printsModel() {
    return kind == ScenarioKind.MODEL && !numbers.containsKey(LoadParameter.PLAYERS);
  }

  /** The mix of the model. */
  PlayerMix mix() {
    return new PlayerMix(
        number(LoadParameter.CHATTING),
        number(LoadParameter.MESSAGES_HOUR),
        number(LoadParameter.MEMBERS),
        number(LoadParameter.GATHERING),
        number(LoadParameter.LOBBIES_HOUR),
        number(LoadParameter.PLAYING),
        number(LoadParameter.ACTIONS_HOUR),
        number(LoadParameter.SESSION_MINUTES));
  }

  /** The scenario with the options that were given, such as {@code fanout --rate=50}. */
  String description() {
    var text = new StringBuilder(kind.optionName());
    if (!game.isEmpty()) {
      text.append(" --game=").append(game);
    }
    numbers.forEach(
        (parameter, value) -> {
          if (parameter != LoadParameter.SECONDS
              && parameter != LoadParameter.WARMUP
              && value != parameter.defaultValue()) {
            text.append(" --").append(parameter.optionName()).append('=').append(value);
          }
        });
    return text.toString();
  }

  LoadOptions at(URI node, long pid) {
    return new LoadOptions(
        kind, List.of(node), List.of(pid), List.of(), List.of(), game, numbers, run);
  }

  /**
   * Parses {@code SCENARIO --name=value --name value …}.
   *
   * @param server the command that starts a server of this program, for {@code --reference}
   * @throws IllegalArgumentException for invalid arguments; the message names the option
   */
  static LoadOptions parse(List<String> server, String... arguments) {
    if (arguments.length == 0) {
      throw new IllegalArgumentException("a scenario is required");
    }
    boolean isModel = arguments[0].startsWith(MODEL);
    var kind = isModel ? ScenarioKind.MODEL : kind(arguments[0]);
    var nodes = new ArrayList<URI>();
    var pids = new ArrayList<Long>();
    var databasePids = new ArrayList<Long>();
    var baselineCommand = new ArrayList<String>();
    var game = "";
    var numbers = new EnumMap<LoadParameter, Integer>(LoadParameter.class);
    var run = RunSettings.NONE;
    if (isModel) {
      String mix = arguments[0].substring(MODEL.length());
      run = run.withModel(run.model().withMix(mix));
      numbers.putAll(run.model().numbers());
    }
    for (int i = 1; i < arguments.length; i++) {
      int equals = arguments[i].indexOf('=');
      String name = equals < 0 ? arguments[i] : arguments[i].substring(0, equals);
      if (name.equals("--reference")) {
        if (!kind.hasBaseline()) {
          throw new IllegalArgumentException("reference: not available for " + kind.optionName());
        }
        baselineCommand.addAll(
            equals < 0 ? server : List.of(arguments[i].substring(equals + 1).split(" +")));
        continue;
      }
      if (name.equals("--report")) {
        run = run.withReport();
        continue;
      }
      if (equals < 0 && i + 1 == arguments.length) {
        throw new IllegalArgumentException(name + ": a value is required");
      }
      String value = equals < 0 ? arguments[++i] : arguments[i].substring(equals + 1);
      switch (name) {
        case "--node" -> nodes.add(node(value));
        case "--pid" -> pids.add(pid(value));
        case "--game" -> game = value;
        case "--from" -> run = run.withFrom(value);
        case "--ramp" -> run = run.withRamp(value);
        case "--ramp-players" -> run = run.withRampPlayers(value);
        case "--figures" -> run = run.withModel(run.model().withFigures(value));
        case "--database" -> run = run.withModel(run.model().withDatabase(value));
        case "--figures-to" -> run = run.withFigures(value);
        case "--database-pid" -> databasePids.add(pid(value));
        default -> {
          LoadParameter parameter = parameter(kind, name);
          numbers.put(parameter, parameter.parse(value));
        }
      }
    }
    if (nodes.isEmpty()) {
      nodes.add(node("http://127.0.0.1:4000"));
    }
    return new LoadOptions(kind, nodes, pids, databasePids, baselineCommand, game, numbers, run);
  }

  private static ScenarioKind kind(String name) {
    return Arrays.stream(ScenarioKind.values())
        .filter(candidate -> candidate.optionName().equals(name))
        .findFirst()
        .orElseThrow(() -> new IllegalArgumentException("unknown scenario " + name));
  }

  private static LoadParameter parameter(ScenarioKind kind, String name) {
    return Arrays.stream(LoadParameter.values())
        .filter(parameter -> name.equals("--" + parameter.optionName()) && kind.accepts(parameter))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "unknown option " + name + " of " + kind.optionName()));
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
               scripts/load --model[=MIX] [--option N]…
               scripts/load --model[=MIX] --players N [--node URL]… [--pid PID]… [--option N]…

        Puts bounded load on running nodes, shows the progress, and prints a table. Nodes must allow
        enough requests of one address: RATE_LIMIT_HTTP_AUTH_LIMIT, RATE_LIMIT_HTTP_GENERAL_LIMIT.
        Exits with status 1 if anything failed or a client saw a gap or a repeated event.

        --model prints how many players of a mix a core and a database carry: connected, chat, lobbies,
        matches or mixed, changed by options. With --players it puts so many of them on the nodes, and
        compares the processor time with what the table says.

          --node URL        a node, by default http://127.0.0.1:4000; players are distributed in turn
          --pid PID         process id of a node on this machine: its time and memory are in the table
          --database-pid PID  the same for its database
          --game KEY        the game of rooms: crazy-eights, which four play; tic-tac-toe-js, a game in
                            JavaScript, which is deployed before; or a game with the moves of tic-tac-toe
          --ramp SECONDS    spreads the sign-ins of --ramp-players N over that time
          --from ADDRESS    the loopback address from which clients connect
          --report          prints lines of JSON, and ends with the standard input
          --figures-to FILE appends the result as a line of JSON
          --figures FILE    what --model computes with, by default data/bench-history.jsonl, to which
                            scripts/bench appends
          --database NAME   of these the ones with sqlite or postgres, by default postgres
          --reference       also runs against a baseline server, and prints the ratio
          --reference=COMMAND the command to start it with, before the class: "taskset -c 0 java -cp …"
        """);
    for (ScenarioKind kind : ScenarioKind.values()) {
      text.append(String.format(Locale.ROOT, "%n%s: %s%n", kind.optionName(), kind.description()));
      for (LoadParameter parameter : LoadParameter.values()) {
        if (kind.accepts(parameter)
            && parameter != LoadParameter.SECONDS
            && parameter != LoadParameter.WARMUP) {
          text.append(parameter.help());
        }
      }
    }
    text.append("\nall of them:\n")
        .append(LoadParameter.SECONDS.help())
        .append(LoadParameter.WARMUP.help());
    return text.toString();
  }
}
