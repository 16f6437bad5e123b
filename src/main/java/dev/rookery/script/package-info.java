/**
 * Lua scripts that run atomically against a keyspace: what a script is, and the engines that run
 * it. Both engines have the semantics of Redis's EVAL; a script cannot tell which one runs it.
 */
@NullMarked
package dev.rookery.script;

import org.jspecify.annotations.NullMarked;
