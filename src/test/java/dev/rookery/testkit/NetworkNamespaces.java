package dev.rookery.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A network on this machine for one test: each member in a network namespace of its own, all on one
 * bridge, which the test itself is on too. What goes between two members can be made to vanish,
 * while both still reach the test. Needs root and {@code ip}; nothing of it leaves the machine.
 */
public final class NetworkNamespaces implements AutoCloseable {
  private static final Pattern OURS = Pattern.compile("^rk(\\d+)n\\d+");
  private static final int FIRST = 11;

  private final String name;
  private final String subnet;
  private final List<String> namespaces = new ArrayList<>();

  private NetworkNamespaces(String name, String subnet) {
    this.name = name;
    this.subnet = subnet;
  }

  /** Whether this process may make one. */
  public static boolean isAvailable() {
    String probe = "rk" + ProcessHandle.current().pid() + "n99";
    if (!run("ip", "netns", "add", probe).ok()) {
      return false;
    }
    boolean possible = run("ip", "netns", "exec", probe, "ip", "link", "set", "lo", "up").ok();
    runOrFail("ip", "netns", "del", probe);
    return possible;
  }

  public static NetworkNamespaces create(int members) {
    deleteLeftovers();
    long pid = ProcessHandle.current().pid();
    var wiring = new NetworkNamespaces("rk" + pid, "10.213." + (pid & 0xFF) + ".");
    try {
      runOrFail("ip", "link", "add", wiring.bridge(), "type", "bridge");
      runOrFail("ip", "addr", "add", wiring.gateway() + "/24", "dev", wiring.bridge());
      runOrFail("ip", "link", "set", wiring.bridge(), "up");
      for (int member = 0; member < members; member++) {
        wiring.add(member);
      }
      return wiring;
    } catch (AssertionError failure) {
      wiring.close();
      throw failure;
    }
  }

  private void add(int member) {
    String space = name + "n" + member;
    String line = name + "v" + member;
    runOrFail("ip", "netns", "add", space);
    namespaces.add(space);
    runOrFail("ip", "link", "add", line, "type", "veth", "peer", "name", "eth0", "netns", space);
    runOrFail("ip", "link", "set", line, "master", bridge(), "up");
    runOrFail("ip", "-n", space, "addr", "add", host(member) + "/24", "dev", "eth0");
    runOrFail("ip", "-n", space, "link", "set", "eth0", "up");
    runOrFail("ip", "-n", space, "link", "set", "lo", "up");
  }

  private String bridge() {
    return name + "b";
  }

  /** Where members find this process. */
  public String gateway() {
    return subnet + 1;
  }

  public String host(int member) {
    return subnet + (FIRST + member);
  }

  /** Words before a command that is to run there. */
  public List<String> execPrefix(int member) {
    return List.of("ip", "netns", "exec", namespaces.get(member));
  }

  /** What either sends to the other vanishes. */
  public void cut(int one, int other) {
    runOrFail("ip", "-n", namespaces.get(one), "route", "add", "blackhole", host(other) + "/32");
    runOrFail("ip", "-n", namespaces.get(other), "route", "add", "blackhole", host(one) + "/32");
  }

  public void restore(int one, int other) {
    runOrFail("ip", "-n", namespaces.get(one), "route", "del", "blackhole", host(other) + "/32");
    runOrFail("ip", "-n", namespaces.get(other), "route", "del", "blackhole", host(one) + "/32");
  }

  /** What runs of tests left behind that were killed. */
  private static void deleteLeftovers() {
    for (String line : run("ip", "netns", "list").output().lines().toList()) {
      var found = OURS.matcher(line);
      if (found.find() && ProcessHandle.of(Long.parseLong(found.group(1))).isEmpty()) {
        run("ip", "netns", "del", line.split(" ")[0]);
        run("ip", "link", "del", "rk" + found.group(1) + "b");
      }
    }
  }

  @Override
  public void close() {
    namespaces.forEach(space -> run("ip", "netns", "del", space));
    run("ip", "link", "del", bridge());
  }

  private record CommandResult(int status, String output) {
    boolean ok() {
      return status == 0;
    }
  }

  private static void runOrFail(String... command) {
    CommandResult ended = run(command);
    if (!ended.ok()) {
      throw new AssertionError(String.join(" ", command) + ": " + ended.output());
    }
  }

  private static CommandResult run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new CommandResult(process.waitFor(), said);
    } catch (IOException failure) {
      return new CommandResult(-1, failure.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
