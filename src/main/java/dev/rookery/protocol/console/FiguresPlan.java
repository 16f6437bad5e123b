package dev.rookery.protocol.console;

import dev.rookery.console.Permission;
import java.util.List;

/**
 * What a page of figures and charts shows.
 *
 * @param live the name of its live region
 * @param cards the columns that are shown as figures
 */
record FiguresPlan(
    String path,
    String live,
    String title,
    Permission permission,
    List<String> cards,
    List<ChartPlan> charts) {}
