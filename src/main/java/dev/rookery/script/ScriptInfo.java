package dev.rookery.script;

import org.jspecify.annotations.Nullable;

/**
 * A script that this node serves, or that it was given and cannot serve.
 *
 * @param version 0 for a script of the server itself
 * @param source {@code bundled}, {@code admin}, or {@code folder} with the name of the node
 * @param changedMs when this version was stored; 0 for a script of the server itself
 * @param problem of a version that was refused last; null if there is none
 */
public record ScriptInfo(
    String name,
    @Nullable ScriptRole role,
    String sha1,
    long version,
    String source,
    long changedMs,
    @Nullable ScriptProblem problem) {}
