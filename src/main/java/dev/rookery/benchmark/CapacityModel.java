package dev.rookery.benchmark;

import java.util.ArrayList;
import java.util.List;

/**
 * How much processor time the players of a mix need: the sum, over what they do, of how often they
 * do it and what it costs. It is linear in the number of players, as the measurements are; what
 * grows differently with the number of nodes is not in it.
 */
public final class CapacityModel {
  private static final double SECONDS_PER_HOUR = 3_600;
  private static final double SECONDS_PER_MINUTE = 60;
  private static final int PERCENT = 100;
  private static final int MEMBERS_MEASURED = 10;
  private static final int PLAYERS_PER_LOBBY = 4;
  private static final int ACTIONS_PER_MATCH = 9;
  private static final int COMMANDS_PER_LOBBY = 8;

  private final PlayerMix mix;
  private final List<Demand> demands;

  /**
   * One of the things that players do.
   *
   * @param perSecond how often each player of the whole mix does it
   * @param nodeMicros processor time of the nodes for doing it once
   * @param databaseMicros the same of the database
   */
  public record Demand(String name, double perSecond, double nodeMicros, double databaseMicros) {
    /** Processor time of the nodes for one player, in microseconds each second. */
    double nodeLoad() {
      return perSecond * nodeMicros;
    }

    double databaseLoad() {
      return perSecond * databaseMicros;
    }
  }

  public CapacityModel(PlayerMix mix, OperationCosts costs) {
    this.mix = mix;
    double perSession = 1 / (mix.sessionMinutes() * SECONDS_PER_MINUTE);
    double messages = share(mix.chatting()) * mix.messagesPerHour() / SECONDS_PER_HOUR;
    double lobbies =
        share(mix.gathering()) * mix.lobbiesPerHour() / SECONDS_PER_HOUR / PLAYERS_PER_LOBBY;
    double actions = share(mix.playing()) * mix.actionsPerHour() / SECONDS_PER_HOUR;
    var all = new ArrayList<Demand>();
    all.add(demand("open sockets", 1, costs, Operation.CONNECTED));
    all.add(demand("sign-ins", perSession, costs, Operation.SIGN_IN));
    all.add(demand("connects", perSession, costs, Operation.CONNECT));
    all.add(message(messages, costs));
    all.add(demand("lobbies", lobbies, costs, Operation.LOBBY));
    all.add(demand("matches", actions / ACTIONS_PER_MATCH, costs, Operation.ROOM));
    all.add(demand("actions", actions, costs, Operation.ACTION));
    this.demands = List.copyOf(all);
  }

  private static double share(double percent) {
    return percent / PERCENT;
  }

  private static Demand demand(
      String name, double perSecond, OperationCosts costs, Operation operation) {
    return new Demand(
        name, perSecond, costs.nodeMicros(operation), costs.databaseMicros(operation));
  }

  /** A message costs what was measured with ten members, and a delivery for each further one. */
  private Demand message(double perSecond, OperationCosts costs) {
    double further = (mix.members() - MEMBERS_MEASURED) * costs.nodeMicros(Operation.DELIVERY);
    double node = Math.max(0, costs.nodeMicros(Operation.MESSAGE) + further);
    return new Demand("messages", perSecond, node, costs.databaseMicros(Operation.MESSAGE));
  }

  public PlayerMix mix() {
    return mix;
  }

  public List<Demand> demands() {
    return demands;
  }

  /** Cores that the nodes need for so many players, all busy. */
  public double nodeCores(double players) {
    return players * demands.stream().mapToDouble(Demand::nodeLoad).sum() / 1e6;
  }

  /** Cores that the database needs for so many players, all busy; 0 if the node contains it. */
  public double databaseCores(double players) {
    return players * demands.stream().mapToDouble(Demand::databaseLoad).sum() / 1e6;
  }

  /** How many players the cores of the nodes carry, if they are so busy. */
  double playersByNodes(double cores, double busy) {
    return cores * busy / nodeCores(1);
  }

  /** How many players a database with so many cores carries; infinite if it has nothing to do. */
  double playersByDatabase(double cores, double busy) {
    return cores * busy / databaseCores(1);
  }

  /** Commands that so many players have stored, each second. */
  double commandsPerSecond(double players) {
    double perPlayer = 0;
    for (Demand demand : demands) {
      perPlayer +=
          switch (demand.name) {
            case "lobbies" -> COMMANDS_PER_LOBBY * demand.perSecond;
            case "messages", "sign-ins", "matches", "actions" -> demand.perSecond;
            default -> 0;
          };
    }
    return players * perPlayer;
  }
}
