/**
 * The one place where native code is called. Not for users: these types change without notice.
 *
 * <p>{@link org.nngjava.internal.NngApi} declares libnng's functions, {@link org.nngjava.internal.NngLibrary} finds and loads
 * the library. All are safe for use by several threads.
 */
package org.nngjava.internal;
