import { max } from 'd3-array';
