import { assetPath } from '../../assets.js';
import '../../recording/recording.js';
import '../../processes/supervise.js';
import { connect } from '../grpc.js';
import lockfile from 'proper-lockfile';
export const x = [assetPath, connect, lockfile];
