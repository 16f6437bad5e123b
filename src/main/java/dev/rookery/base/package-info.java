/**
 * Words that every other package uses: ids, refusals, positions, pages. Depends on the JDK alone
 * and promises nothing but values.
 */
@NullMarked
package dev.rookery.base;

import org.jspecify.annotations.NullMarked;
