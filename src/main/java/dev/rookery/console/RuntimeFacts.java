package dev.rookery.console;

import dev.rookery.console.OperationsQuery.Fact;
import java.io.IOException;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryPoolMXBean;
import java.lang.management.MemoryUsage;
import java.lang.management.ThreadInfo;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** What the JVM says about itself and its machine. */
final class RuntimeFacts {
  private static final int DUMP_CHARACTERS_MAX = 400_000;
  private static final long KIB = 1 << 10;
  private static final long MIB = 1 << 20;
  private static final long GIB = 1 << 30;

  private final Path folder;

  /**
   * @param folder a folder on the disk that is looked at
   */
  RuntimeFacts(Path folder) {
    this.folder = folder;
  }

  /** The free part of the disk, from 0 to 1; 1 if that cannot be known. */
  double diskFree() {
    try {
      FileStore disk = Files.getFileStore(existing());
      long all = disk.getTotalSpace();
      return all <= 0 ? 1 : (double) disk.getUsableSpace() / all;
    } catch (IOException _) {
      return 1;
    }
  }

  /** The folder, or the one that it would be created in. */
  private Path existing() {
    Path path = folder.toAbsolutePath();
    while (!Files.exists(path) && path.getParent() != null) {
      path = path.getParent();
    }
    return path;
  }

  List<Fact> list() {
    var facts = new ArrayList<Fact>();
    process(facts);
    memory(facts);
    threads(facts);
    disk(facts);
    return facts;
  }

  private static void process(List<Fact> facts) {
    var runtime = ManagementFactory.getRuntimeMXBean();
    var system = ManagementFactory.getOperatingSystemMXBean();
    add(facts, "Process", "Java", runtime.getVmName() + " " + runtime.getVmVersion());
    add(facts, "Process", "Uptime", text(Duration.ofMillis(runtime.getUptime())));
    add(facts, "Process", "Process id", Long.toString(runtime.getPid()));
    add(
        facts,
        "Process",
        "System",
        system.getName() + " " + system.getVersion() + ", " + system.getArch());
    add(facts, "Process", "Processors", Integer.toString(system.getAvailableProcessors()));
    add(
        facts,
        "Process",
        "Load of the machine, 1 min",
        String.format(Locale.ROOT, "%.2f", system.getSystemLoadAverage()));
  }

  private static void memory(List<Fact> facts) {
    var memory = ManagementFactory.getMemoryMXBean();
    add(facts, "Memory", "Heap", text(memory.getHeapMemoryUsage()));
    add(facts, "Memory", "Outside of the heap", text(memory.getNonHeapMemoryUsage()));
    for (MemoryPoolMXBean pool : ManagementFactory.getMemoryPoolMXBeans()) {
      MemoryUsage usage = pool.getUsage();
      if (usage != null) {
        add(facts, "Memory", pool.getName(), text(usage));
      }
    }
    for (GarbageCollectorMXBean collector : ManagementFactory.getGarbageCollectorMXBeans()) {
      add(
          facts,
          "Garbage collection",
          collector.getName(),
          collector.getCollectionCount()
              + " collections, "
              + text(Duration.ofMillis(collector.getCollectionTime())));
    }
  }

  private static void threads(List<Fact> facts) {
    var threads = ManagementFactory.getThreadMXBean();
    add(facts, "Threads", "Platform threads", Integer.toString(threads.getThreadCount()));
    add(facts, "Threads", "Most at a time", Integer.toString(threads.getPeakThreadCount()));
    long[] deadlocked = threads.findDeadlockedThreads();
    add(
        facts,
        "Threads",
        "In a deadlock",
        Integer.toString(deadlocked == null ? 0 : deadlocked.length));
    add(
        facts,
        "Threads",
        "Loaded classes",
        Integer.toString(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount()));
  }

  private void disk(List<Fact> facts) {
    try {
      FileStore disk = Files.getFileStore(existing());
      add(facts, "Disk", "Folder of the data", folder.toString());
      add(facts, "Disk", "Free", text(disk.getUsableSpace()) + " of " + text(disk.getTotalSpace()));
    } catch (IOException _) {
      add(facts, "Disk", "Free", "unknown");
    }
  }

  private static void add(List<Fact> facts, String group, String name, String value) {
    facts.add(new Fact(group, name, value));
  }

  private static String text(MemoryUsage usage) {
    String used = text(usage.getUsed()) + " used, " + text(usage.getCommitted()) + " reserved";
    return usage.getMax() < 0 ? used : used + ", at most " + text(usage.getMax());
  }

  static String text(long bytes) {
    if (bytes >= GIB) {
      return String.format(Locale.ROOT, "%.1f GiB", (double) bytes / GIB);
    }
    if (bytes >= MIB) {
      return String.format(Locale.ROOT, "%.1f MiB", (double) bytes / MIB);
    }
    return bytes >= KIB ? bytes / KIB + " KiB" : bytes + " B";
  }

  static String text(Duration duration) {
    long seconds = duration.toSeconds();
    if (seconds < 60) {
      return String.format(Locale.ROOT, "%.1f s", duration.toMillis() / 1_000.0);
    }
    if (seconds < 3_600) {
      return seconds / 60 + " m " + seconds % 60 + " s";
    }
    long hours = seconds / 3_600;
    return hours < 24
        ? hours + " h " + seconds / 60 % 60 + " m"
        : hours / 24 + " d " + hours % 24 + " h";
  }

  /** The stacks of all platform threads, cut where they are too long. */
  static String dumpThreads() {
    var text = new StringBuilder();
    for (ThreadInfo thread : ManagementFactory.getThreadMXBean().dumpAllThreads(true, true)) {
      if (text.length() > DUMP_CHARACTERS_MAX) {
        text.append("… cut\n");
        break;
      }
      text.append('"').append(thread.getThreadName()).append("\" ").append(thread.getThreadState());
      if (thread.getLockName() != null) {
        text.append(" on ").append(thread.getLockName());
      }
      text.append('\n');
      for (StackTraceElement frame : thread.getStackTrace()) {
        text.append("    at ").append(frame).append('\n');
      }
      text.append('\n');
    }
    return text.toString();
  }
}
