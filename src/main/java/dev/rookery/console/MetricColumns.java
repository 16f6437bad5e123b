package dev.rookery.console;

import dev.rookery.console.MetricColumn.Combine;
import dev.rookery.console.MetricColumn.Unit;
import dev.rookery.console.MetricSource.Statistic;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The columns of the history of meters, and the meters from which each is read. */
public final class MetricColumns {
  /** A column, with its source and what is taken from it. */
  record Definition(MetricColumn column, int source, Statistic statistic) {}

  private static final List<MetricSource> SOURCES = new ArrayList<>();
  private static final Map<String, Definition> ALL = new LinkedHashMap<>();

  static {
    int http = source("rookery.http.requests");
    int commands = source("rookery.commands");
    int commit = source("rookery.store.commit");
    int lag = source("rookery.eventloop.lag");
    gauge("players.online", "Players online", source("rookery.presence.online"));
    gauge("sockets.open", "Open sockets", source("rookery.sockets.open"));
    rate("sockets.in", "Frames received", source("rookery.sockets.frames.in"));
    rate("sockets.out", "Frames sent", source("rookery.sockets.frames.out"));
    add(
        "sockets.bytes",
        "Bytes sent to sockets",
        Unit.BYTES_PER_SECOND,
        Combine.SUM,
        source("rookery.sockets.bytes.out"),
        Statistic.RATE);
    rate("sockets.slow", "Slow sockets closed", source("rookery.sockets.overflows"));
    gauge("sockets.strangers", "Sockets not signed in", source("rookery.sockets.strangers"));
    gauge("connections.open", "TCP connections", source("rookery.connections.open"));
    rate("connections.refused", "Connections refused", source("rookery.connections.refused"));
    gauge("webrtc.peers", "WebRTC peers", source("rookery.webrtc.peers"));
    gauge("relay.seats", "Relay seats", source("rookery.relay.sitting"));
    gauge("godra.sockets", "Godra sockets", source("rookery.godra.sockets"));
    rate("http.requests", "HTTP requests", http);
    rate("http.errors", "HTTP errors (5xx)", source("rookery.http.requests", "status", "5"));
    rate("http.limited", "HTTP limited (429)", source("rookery.http.requests", "status", "429"));
    seconds("http.p50", "HTTP latency p50", http, Statistic.P50);
    seconds("http.p95", "HTTP latency p95", http, Statistic.P95);
    seconds("http.p99", "HTTP latency p99", http, Statistic.P99);
    rate("sign.ins", "Sign-ins", source("rookery.commands", "command", "AuthCommand.SignIn"));
    rate("commands.served", "Commands", commands);
    rate("commands.failed", "Commands failed", source("rookery.commands", "outcome", "broken"));
    seconds("commands.mean", "Command time, mean", commands, Statistic.MEAN);
    gauge("commands.waiting", "Commands waiting", source("rookery.commands.waiting"));
    rate("chat.messages", "Chat messages", source("rookery.chat.messages"));
    gauge("parties.open", "Parties", source("rookery.parties.open"));
    gauge("matches.loaded", "Match rooms in memory", source("rookery.matches.loaded"));
    gauge("matches.running", "Matches running", source("rookery.matches.running"));
    rate("matches.actions", "Match actions", source("rookery.matches.actions"));
    gauge("tickets.waiting", "Tickets waiting", source("rookery.matchmaking.waiting"));
    seconds(
        "tickets.waited",
        "Ticket wait, mean",
        source("rookery.matchmaking.waited"),
        Statistic.MEAN);
    rate("events.posted", "Events committed", source("rookery.fanout.posted"));
    rate("events.lost", "Subscribers that must reload", source("rookery.fanout.lost"));
    rate("store.commits", "Commits", commit);
    seconds("store.commit.mean", "Commit time, mean", commit, Statistic.MEAN);
    seconds("store.commit.max", "Commit time, largest", commit, Statistic.LARGEST);
    seconds("store.read.mean", "Read time, mean", source("rookery.store.read"), Statistic.MEAN);
    gauge("store.waiting", "Store calls waiting", source("rookery.store.waiting"));
    rate("store.refused", "Store calls refused", source("rookery.store.refused"));
    seconds("loop.mean", "Event-loop lag, mean", lag, Statistic.MEAN);
    seconds("loop.max", "Event-loop lag, largest", lag, Statistic.LARGEST);
    add(
        "heap.used",
        "Heap used",
        Unit.BYTES,
        Combine.SUM,
        source("jvm.memory.used", "area", "heap"),
        Statistic.GAUGE);
    add(
        "heap.max",
        "Heap limit",
        Unit.BYTES,
        Combine.SUM,
        source("jvm.memory.max", "area", "heap"),
        Statistic.GAUGE);
    add(
        "memory.clients",
        "Bytes held for clients",
        Unit.BYTES,
        Combine.SUM,
        source("rookery.memory.used"),
        Statistic.GAUGE);
    part("cpu.process", "CPU of the process", source("process.cpu.usage"), Statistic.GAUGE);
    part("cpu.system", "CPU of the machine", source("system.cpu.usage"), Statistic.GAUGE);
    part("gc.time", "Time in GC pauses", source("jvm.gc.pause"), Statistic.TIME_PART);
    gauge("threads", "Platform threads", source("jvm.threads.live"));
    gauge("files.open", "Open files", source("process.files.open"));
    gauge("leases.owned", "Leases", source("rookery.leases.owned"));
    seconds("consumers.lag", "Consumer lag", source("rookery.consumers.lag"), Statistic.GAUGE);
    rate("consumers.parked", "Events parked", source("rookery.consumers.parked"));
    rate("mail.sent", "Emails sent", source("rookery.mail", "outcome", "sent"));
    rate("mail.failed", "Emails failed", source("rookery.mail", "outcome", "failed"));
    rate("sign.in.limited", "Password attempts limited", source("rookery.sign.in.held.back"));
    rate("threads.blocked", "Blocked threads", source("rookery.threads.blocked"));
    seconds("clock.offset", "Clock difference", source("rookery.clock.offset"), Statistic.GAUGE);
  }

  private MetricColumns() {}

  /** All columns, in the order in which values are stored. */
  public static List<MetricColumn> all() {
    return ALL.values().stream().map(Definition::column).toList();
  }

  /** The column of a key; null if there is none. */
  public static @Nullable MetricColumn find(String key) {
    Definition found = ALL.get(key);
    return found == null ? null : found.column();
  }

  /** The column of a key that the code names. */
  public static MetricColumn get(String key) {
    return Objects.requireNonNull(find(key), key);
  }

  static List<Definition> definitions() {
    return List.copyOf(ALL.values());
  }

  static List<MetricSource> sources() {
    return List.copyOf(SOURCES);
  }

  private static int source(String meter) {
    SOURCES.add(new MetricSource(meter, null, ""));
    return SOURCES.size() - 1;
  }

  private static int source(String meter, String tag, String prefix) {
    SOURCES.add(new MetricSource(meter, tag, prefix));
    return SOURCES.size() - 1;
  }

  private static void gauge(String key, String title, int source) {
    add(key, title, Unit.COUNT, Combine.SUM, source, Statistic.GAUGE);
  }

  private static void rate(String key, String title, int source) {
    add(key, title, Unit.PER_SECOND, Combine.SUM, source, Statistic.RATE);
  }

  private static void seconds(String key, String title, int source, Statistic statistic) {
    add(key, title, Unit.SECONDS, Combine.LARGEST, source, statistic);
  }

  private static void part(String key, String title, int source, Statistic statistic) {
    add(key, title, Unit.PART, Combine.LARGEST, source, statistic);
  }

  private static void add(
      String key, String title, Unit unit, Combine combine, int source, Statistic statistic) {
    var column = new MetricColumn(key, title, unit, combine);
    if (ALL.put(key, new Definition(column, source, statistic)) != null) {
      throw new IllegalStateException("two columns have the key " + key);
    }
  }
}
