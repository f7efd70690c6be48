export declare function installOnCi(...packages: string[]): void;
