package dev.rookery.testkit;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;

/**
 * A virtual network on this machine for one test: each member runs in its own network namespace,
 * and all are on one bridge together with the test. Packets between two members can be dropped,
 * while both still reach the test. Needs root and {@code ip}.
 */
public final class NetworkNamespaces implements AutoCloseable {
  private static final Pattern NAMESPACE_NAME = Pattern.compile("^rk(\\d+)n\\d+");
  private static final int FIRST_HOST = 11;

  private final String name;
  private final String subnet;
  private final List<String> namespaces = new ArrayList<>();

  private NetworkNamespaces(String name, String subnet) {
    this.name = name;
    this.subnet = subnet;
  }

  /** Whether this process can create network namespaces. */
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
    var network = new NetworkNamespaces("rk" + pid, "10.213." + (pid & 0xFF) + ".");
    try {
      runOrFail("ip", "link", "add", network.bridge(), "type", "bridge");
      runOrFail("ip", "addr", "add", network.gateway() + "/24", "dev", network.bridge());
      runOrFail("ip", "link", "set", network.bridge(), "up");
      for (int member = 0; member < members; member++) {
        network.add(member);
      }
      return network;
    } catch (AssertionError failure) {
      network.close();
      throw failure;
    }
  }

  private void add(int member) {
    String namespace = name + "n" + member;
    String link = name + "v" + member;
    runOrFail("ip", "netns", "add", namespace);
    namespaces.add(namespace);
    runOrFail(
        "ip", "link", "add", link, "type", "veth", "peer", "name", "eth0", "netns", namespace);
    runOrFail("ip", "link", "set", link, "master", bridge(), "up");
    runOrFail("ip", "-n", namespace, "addr", "add", host(member) + "/24", "dev", "eth0");
    runOrFail("ip", "-n", namespace, "link", "set", "eth0", "up");
    runOrFail("ip", "-n", namespace, "link", "set", "lo", "up");
  }

  private String bridge() {
    return name + "b";
  }

  /** The address at which members reach this process. */
  public String gateway() {
    return subnet + 1;
  }

  public String host(int member) {
    return subnet + (FIRST_HOST + member);
  }

  /** The prefix of a command that runs in the namespace of a member. */
  public List<String> execPrefix(int member) {
    return List.of("ip", "netns", "exec", namespaces.get(member));
  }

  /** Drops all packets between two members. */
  public void cut(int one, int other) {
    runOrFail("ip", "-n", namespaces.get(one), "route", "add", "blackhole", host(other) + "/32");
    runOrFail("ip", "-n", namespaces.get(other), "route", "add", "blackhole", host(one) + "/32");
  }

  public void restore(int one, int other) {
    runOrFail("ip", "-n", namespaces.get(one), "route", "del", "blackhole", host(other) + "/32");
    runOrFail("ip", "-n", namespaces.get(other), "route", "del", "blackhole", host(one) + "/32");
  }

  /** Deletes namespaces that killed test runs left behind. */
  private static void deleteLeftovers() {
    for (String link : run("ip", "netns", "list").output().lines().toList()) {
      var found = NAMESPACE_NAME.matcher(link);
      if (found.find() && ProcessHandle.of(Long.parseLong(found.group(1))).isEmpty()) {
        run("ip", "netns", "del", link.split(" ")[0]);
        run("ip", "link", "del", "rk" + found.group(1) + "b");
      }
    }
  }

  @Override
  public void close() {
    namespaces.forEach(namespace -> run("ip", "netns", "del", namespace));
    run("ip", "link", "del", bridge());
  }

  private record CommandResult(int status, String output) {
    boolean ok() {
      return status == 0;
    }
  }

  private static void runOrFail(String... command) {
    CommandResult result = run(command);
    if (!result.ok()) {
      throw new AssertionError(String.join(" ", command) + ": " + result.output());
    }
  }

  private static CommandResult run(String... command) {
    try {
      Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
      String output = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
      return new CommandResult(process.waitFor(), output);
    } catch (IOException failure) {
      return new CommandResult(-1, failure.toString());
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new AssertionError(interrupted);
    }
  }
}
