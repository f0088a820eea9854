/** The version of the product, taken from package.json when it is built. */
declare const __FOURTUPLE_VERSION__: string | undefined;

export const PRODUCT_VERSION = typeof __FOURTUPLE_VERSION__ === 'string' ? __FOURTUPLE_VERSION__ : 'development';
